using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Codius.Web.Hosting.Observability;

/// <summary>
/// Which series the metrics have: each takes memory for good and a line of every scrape, so no stranger may choose how many there are.
/// </summary>
internal static class MetricViews
{
    /// <summary>The series of one instrument; what would be another is counted as <c>otel_metric_overflow</c>.</summary>
    public const int MostSeries = 250;

    // Those that are chosen anew each minute are bounded by Telemetry:BusiestApps, and those of apps chosen before stay in memory.
    private const string OfApps = "codius.app.";

    private static readonly string[] OutboundTags =
    [
        "error.type", "http.connection.state", "http.request.method", "http.response.status_code", "network.protocol.version", "url.scheme",
    ];

    /// <summary>
    /// The meters of what the gateway itself calls. They do not say whom: that is for strangers to choose, by the wallets they pay from.
    /// </summary>
    public static IReadOnlyList<string> Outbound { get; } = ["System.Net.Http", "System.Net.NameResolution"];

    /// <summary>
    /// Of the framework's meters what is not collected: each visit over HTTP/2 adds to these twice, a hundredth of what it costs, and they
    /// stay near 0.
    /// </summary>
    public static IReadOnlyList<string> Dropped { get; } = ["kestrel.queued_requests"];

    public static MetricStreamConfiguration Of(Instrument instrument) => Dropped.Contains(instrument.Name)
        ? MetricStreamConfiguration.Drop
        : new()
        {
            CardinalityLimit = instrument.Name.StartsWith(OfApps, StringComparison.Ordinal) ? null : MostSeries,
            TagKeys = Outbound.Contains(instrument.Meter.Name) ? OutboundTags : null,
        };
}
