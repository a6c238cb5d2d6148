using System.Text.Json.Serialization;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Api;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Rates;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Admin;

/// <summary>The gateway's health: for probes in one word, for the host's owner in full.</summary>
internal static class HealthEndpoints
{
    private const string Probes = "a probe that is refused has the gateway restarted; the answer is from memory";

    private static readonly HttpMethodMetadata OnlyGet = new([HttpMethods.Get]);

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Text("live\n")).WithoutRate(Probes);
        // Only what is this one gateway's own. A trouble that all replicas share, such as a store that is away, must not turn all of them
        // unready: visitors would get the ingress' bare 503 instead of a problem with Retry-After, or of apps that are paid for already.
        endpoints.MapGet("/health/ready", (Drain drain) =>
            drain.Started ? Results.Text("stopping\n", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready\n"))
            .WithoutRate(Probes);
        endpoints.MapHealthChecks("/admin/health", new HealthCheckOptions
        {
            // The answer reports what has failed; it is itself a success.
            ResultStatusCodes = { [HealthStatus.Unhealthy] = StatusCodes.Status200OK },
            ResponseWriter = WriteAllAsync,
            AllowCachingResponses = true,
        }).WithMetadata(OnlyGet).RequireScope(AdminScope.Read);
        return endpoints;
    }

    private static Task WriteAllAsync(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        var parts = report.Entries.ToDictionary(part => part.Key, part => PartReport.Of(part.Value));
        var stopping = context.RequestServices.GetRequiredService<Drain>().Started;
        var alerts = context.RequestServices.GetRequiredService<IAlerts>().Current.Select(AlertEndpoints.AlertModel.Of);
        return Results.Json(new { state = StateName(report.Status), stopping, parts, alerts }).ExecuteAsync(context);
    }

    private static string StateName(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "good",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };

    /// <summary>The JSON of one part.</summary>
    private sealed record PartReport(
        string State, DateTimeOffset? Since, string? Summary, string? LastError,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object?>? Details)
    {
        public static PartReport Of(HealthReportEntry part) => new(
            StateName(part.Status), HealthResults.Since(part.Data), part.Description,
            HealthResults.LastError(part.Data) ?? part.Exception?.Message, HealthResults.Details(part.Data));
    }
}
