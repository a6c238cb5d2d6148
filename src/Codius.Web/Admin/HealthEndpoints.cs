using System.Text.Json.Serialization;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Health;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Admin;

/// <summary>The gateway's health: for probes in one word, for the host's owner in full.</summary>
internal static class HealthEndpoints
{
    private static readonly HttpMethodMetadata OnlyGet = new([HttpMethods.Get]);

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Text("live\n"));
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(HealthRegistration.NeededToServe),
            ResponseWriter = WriteReadyAsync,
            AllowCachingResponses = true, // omits the middleware's cache headers
        }).WithMetadata(OnlyGet);
        endpoints.MapHealthChecks("/admin/health", new HealthCheckOptions
        {
            // The answer reports what has failed; it is itself a success.
            ResultStatusCodes = { [HealthStatus.Unhealthy] = StatusCodes.Status200OK },
            ResponseWriter = WriteAllAsync,
            AllowCachingResponses = true,
        }).WithMetadata(OnlyGet).RequireAdminToken();
        return endpoints;
    }

    /// <summary>200 while the gateway accepts visits: it is not stopping, and all parts needed to serve work.</summary>
    private static Task WriteReadyAsync(HttpContext context, HealthReport report)
    {
        var failed = report.Entries.Where(part => part.Value.Status == HealthStatus.Unhealthy).Select(part => part.Key).FirstOrDefault();
        var answer = context.RequestServices.GetRequiredService<Drain>().Started ? Results.Text("stopping\n", statusCode: 503)
            : failed is not null ? Results.Text($"{failed} has failed\n", statusCode: 503)
            : Results.Text("ready\n");
        return answer.ExecuteAsync(context);
    }

    private static Task WriteAllAsync(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        var parts = report.Entries.ToDictionary(part => part.Key, part => PartReport.Of(part.Value));
        var stopping = context.RequestServices.GetRequiredService<Drain>().Started;
        return Results.Json(new { state = StateName(report.Status), stopping, parts }).ExecuteAsync(context);
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
