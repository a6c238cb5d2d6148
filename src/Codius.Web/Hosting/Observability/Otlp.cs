using OpenTelemetry.Exporter;

namespace Codius.Web.Hosting.Observability;

/// <summary>Whether a signal is exported by OTLP, and where to: the setting, else the standard variables.</summary>
internal static class Otlp
{
    private const string Setting = $"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}";

    /// <param name="configuration">The raw settings: the exporters are registered before they are validated.</param>
    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    public static bool IsExported(IConfiguration configuration, string signal) =>
        EndpointOf(configuration) is not null
        || !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
        || !string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_ENDPOINT"]);

    public static void Configure(OtlpExporterOptions exporter, IConfiguration configuration, string signal)
    {
        if (EndpointOf(configuration) is not { } endpoint) return; // the exporter reads the variables itself
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }

    private static Uri? EndpointOf(IConfiguration configuration) =>
        Uri.TryCreate(configuration[Setting], UriKind.Absolute, out var endpoint) ? endpoint : null;
}
