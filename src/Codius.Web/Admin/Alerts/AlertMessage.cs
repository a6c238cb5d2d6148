using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts;

/// <summary>A message for webhooks; its repeats have the same id and body.</summary>
internal sealed class AlertMessage
{
    private int _left;

    private AlertMessage(string type, Alert alert, string host, DateTimeOffset now)
    {
        IsCritical = alert.Severity == AlertSeverity.Critical;
        Body = JsonSerializer.SerializeToUtf8Bytes(
            new AlertMessageBody(type, now, new AlertData(host, alert)), AlertMessageJson.Default.AlertMessageBody);
    }

    public string Id { get; } = $"msg_{Guid.NewGuid():n}";

    public byte[] Body { get; }

    public bool IsCritical { get; }

    /// <summary>True once each webhook has it, or was given up.</summary>
    public bool IsDone => Volatile.Read(ref _left) == 0;

    public static AlertMessage Began(Alert alert, string host, DateTimeOffset now) => new("alert.began", alert, host, now);

    public static AlertMessage Ended(Alert alert, string host, DateTimeOffset now) => new("alert.ended", alert, host, now);

    public static AlertMessage Test(string host, DateTimeOffset now) => new(
        "alert.test",
        new Alert("test", "test", AlertSeverity.Warning, "", "This is a test: nothing is wrong.", "Nothing.", now), host, now);

    public void SendTo(int webhooks) => Volatile.Write(ref _left, webhooks);

    public void EndedOne() => Interlocked.Decrement(ref _left);
}

/// <summary>The JSON of a message, as Standard Webhooks recommends it.</summary>
internal sealed record AlertMessageBody(string Type, DateTimeOffset Timestamp, AlertData Data);

/// <summary>The alert, and whose it is.</summary>
internal sealed record AlertData(string Host, Alert Alert);

/// <summary>Their JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertMessageBody))]
[JsonSerializable(typeof(IReadOnlyList<Alert>))]
internal sealed partial class AlertMessageJson : JsonSerializerContext;
