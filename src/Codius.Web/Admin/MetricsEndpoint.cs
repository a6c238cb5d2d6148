using Codius.Web.Admin.Access;
using Codius.Web.Hosting;
using OpenTelemetry.Metrics;

namespace Codius.Web.Admin;

/// <summary>
/// The gateway's metrics in Prometheus' format: every instrument of the meter <c>Codius.Web</c>, Kestrel's and the runtime's.
/// </summary>
internal static class MetricsEndpoint
{
    public static IServiceCollection AddGatewayMetrics(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services;
    }

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint("/metrics").RequireScope(AdminScope.Read);
        return endpoints;
    }
}
