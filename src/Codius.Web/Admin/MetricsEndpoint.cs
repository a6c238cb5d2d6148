using Codius.Web.Admin.Access;
using OpenTelemetry.Metrics;

namespace Codius.Web.Admin;

/// <summary>The gateway's metrics in Prometheus' format; <c>docs/metrics.md</c> lists them.</summary>
internal static class MetricsEndpoint
{
    public static IServiceCollection AddGatewayMetrics(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());
        return services;
    }

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPrometheusScrapingEndpoint("/metrics").RequireScope(AdminScope.Read);
        return endpoints;
    }
}
