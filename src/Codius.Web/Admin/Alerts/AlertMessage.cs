using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts;

/// <summary>A message for webhooks; its repeats have the same id and body, also those of another gateway.</summary>
internal sealed class AlertMessage
{
    private ImmutableArray<string> _left = [];

    private AlertMessage(string id, DateTimeOffset at, bool isCritical, byte[] body) =>
        (Id, At, IsCritical, Body) = (id, at, isCritical, body);

    private AlertMessage(string type, Alert alert, string host, DateTimeOffset now)
        : this(
            $"msg_{Guid.NewGuid():n}", now, alert.Severity == AlertSeverity.Critical,
            JsonSerializer.SerializeToUtf8Bytes(
                new AlertMessageBody(type, now, new AlertData(host, alert)), AlertMessageJson.Default.AlertMessageBody))
    {
    }

    public string Id { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; }

    public byte[] Body { get; }

    public bool IsCritical { get; }

    /// <summary>Where it was not taken yet, and was not given up.</summary>
    public IReadOnlyList<string> Left => _left;

    public bool IsDone => Left.Count == 0;

    public static AlertMessage Began(Alert alert, string host, DateTimeOffset now) => new("alert.began", alert, host, now);

    public static AlertMessage Ended(Alert alert, string host, DateTimeOffset now) => new("alert.ended", alert, host, now);

    public static AlertMessage Test(string host, DateTimeOffset now) => new(
        "alert.test",
        new Alert("test", "test", AlertSeverity.Warning, "", "This is a test: nothing is wrong.", "Nothing.", now), host, now);

    public static AlertMessage Of(string id, StoredMessage stored)
    {
        var message = new AlertMessage(id, stored.At, stored.IsCritical, Encoding.UTF8.GetBytes(stored.Body));
        message.SendTo(stored.Left);
        return message;
    }

    public StoredMessage ToStored() => new(At, IsCritical, Left, Encoding.UTF8.GetString(Body));

    public void SendTo(IEnumerable<string> webhooks) => _left = [.. webhooks];

    public void EndedAt(string webhook) => ImmutableInterlocked.Update(ref _left, static (left, ended) => left.Remove(ended), webhook);
}

/// <summary>The JSON of a message, as Standard Webhooks recommends it.</summary>
internal sealed record AlertMessageBody(string Type, DateTimeOffset Timestamp, AlertData Data);

/// <summary>The alert, and whose it is.</summary>
internal sealed record AlertData(string Host, Alert Alert);

/// <summary>A message as the store has it.</summary>
internal sealed record StoredMessage(DateTimeOffset At, bool IsCritical, IReadOnlyList<string> Left, string Body);

/// <summary>Their JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertMessageBody))]
[JsonSerializable(typeof(StoredMessage))]
[JsonSerializable(typeof(IReadOnlyList<Alert>))]
internal sealed partial class AlertMessageJson : JsonSerializerContext;
