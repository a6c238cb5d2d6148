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
        || !string.IsNullOrEmpty(configuration[Variable(signal, "ENDPOINT")]);

    public static void Configure(OtlpExporterOptions exporter, IConfiguration configuration, string signal)
    {
        if (EndpointOf(configuration) is { } endpoint)
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
            return;
        }
        // The exporter reads the variables of all signals itself, but not those of one.
        exporter.Protocol = configuration[Variable(signal, "PROTOCOL")] switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => exporter.Protocol,
        };
        if (configuration[Variable(signal, "HEADERS")] is { Length: > 0 } headers) exporter.Headers = headers;
        if (Uri.TryCreate(configuration[Variable(signal, "ENDPOINT")], UriKind.Absolute, out var own)) exporter.Endpoint = own;
    }

    private static string Variable(string signal, string name) => $"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_{name}";

    private static Uri? EndpointOf(IConfiguration configuration) =>
        Uri.TryCreate(configuration[Setting], UriKind.Absolute, out var endpoint) ? endpoint : null;
}
