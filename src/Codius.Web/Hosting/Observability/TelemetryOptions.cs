using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting.Observability;

/// <summary>What the gateway reports of itself, and where to. Section <c>Telemetry</c>.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>
    /// A collector's base URL for OTLP over HTTP (http://collector:4318); null for what the standard OTEL_EXPORTER_OTLP_* variables say,
    /// and without those nothing is exported.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>The part of visits that are traced, chosen by chance: 0 for none, 1 for all.</summary>
    [Range(0.0, 1.0)]
    public double TraceRatio { get; set; }

    /// <summary>
    /// True to measure every HTTP request as http.server.request.duration, by method, status and protocol; it makes each visit dearer.
    /// </summary>
    public bool RequestDurations { get; set; }

    /// <summary>How many apps, those with the most requests, have metrics of their own.</summary>
    [Range(0, 200)]
    public int BusiestApps { get; set; } = 20;
}
