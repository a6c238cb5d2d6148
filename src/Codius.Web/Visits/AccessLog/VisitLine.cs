using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Shared;

namespace Codius.Web.Visits.AccessLog;

/// <summary>A line of the access log; amounts are decimal strings, times are milliseconds.</summary>
internal sealed record VisitLine
{
    private const int LongestPath = 500;

    /// <summary>When the visit ended.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Null if no app has that name.</summary>
    public string? App { get; init; }

    public required string Method { get; init; }

    /// <summary>Without its query; null unless <c>AccessLog:Paths</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Null if the client left before an answer began.</summary>
    public int? Status { get; init; }

    public required string Outcome { get; init; }

    public required string Price { get; init; }

    public bool Charged { get; init; }

    /// <summary>True if the visit found the app asleep or waking.</summary>
    public bool Cold { get; init; }

    /// <summary>Until its price was reserved.</summary>
    public double Wait { get; init; }

    /// <summary>Waking the app and waiting for it.</summary>
    public double Wake { get; init; }

    /// <summary>With the app, to the end of its answer.</summary>
    public double WithApp { get; init; }

    public double Total { get; init; }

    /// <summary>The request's length; null if it is not known or there is none.</summary>
    public long? BytesIn { get; init; }

    /// <summary>Of the answer's body; null if it is not the app's, and for sockets.</summary>
    public long? BytesOut { get; init; }

    /// <summary>The client's network; null unless <c>AccessLog:Clients</c>.</summary>
    public string? Client { get; init; }

    /// <summary>Null if the visit is not traced.</summary>
    public string? Trace { get; init; }

    public static VisitLine Of(Visit visit, VisitRecord record, AccessLogOptions options, DateTimeOffset now)
    {
        var request = visit.Context.Request;
        return new VisitLine
        {
            Time = now,
            App = AppOf(visit),
            Method = request.Method,
            Path = options.Paths ? Shortened(request.Path.Value) : null,
            Status = StatusOf(visit),
            Outcome = VisitMetrics.NameOf(visit.Outcome),
            Price = record.Price.ToString(CultureInfo.InvariantCulture),
            Charged = visit.Charged,
            Cold = record.IsCold,
            Wait = Milliseconds(record.Of(VisitStep.Arrival) + record.Of(VisitStep.Charging)),
            Wake = Milliseconds(record.Of(VisitStep.ColdStart)),
            WithApp = Milliseconds(record.Of(VisitStep.Forwarding)),
            Total = Milliseconds(record.Total),
            BytesIn = request.ContentLength,
            BytesOut = record.Bytes,
            Client = options.Clients ? NetworkOf(visit.Context.Connection.RemoteIpAddress) : null,
            Trace = record.Trace?.TraceId.ToHexString(),
        };
    }

    public static string? AppOf(Visit visit) => visit.Outcome == VisitOutcome.UnknownApp ? null : visit.App.Name;

    /// <summary>500 if the gateway itself failed: that answer is written after the visit.</summary>
    public static int? StatusOf(Visit visit) => visit.Outcome switch
    {
        VisitOutcome.None => StatusCodes.Status500InternalServerError,
        VisitOutcome.ClientLeft or VisitOutcome.ClientLeftApp when !visit.Context.Response.HasStarted => null,
        _ => visit.Context.Response.StatusCode,
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static string? Shortened(string? path) => path is { Length: > LongestPath } ? path[..LongestPath] : path;

    // An address itself is a person's; its network says enough.
    private static string NetworkOf(IPAddress? address)
    {
        var network = ClientNetwork.Of(address);
        if (network.Site is { } site) return site.ToAddress() + "/48";
        var bytes = network.ToAddress().GetAddressBytes();
        bytes[^1] = 0;
        return new IPAddress(bytes) + "/24";
    }
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VisitLine))]
internal sealed partial class VisitLineJson : JsonSerializerContext;
