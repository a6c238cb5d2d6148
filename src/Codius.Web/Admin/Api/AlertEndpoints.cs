using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.AdminAccess;

namespace Codius.Web.Admin.Api;

/// <summary>The alerts of now, and a test of the webhooks.</summary>
internal static class AlertEndpoints
{
    public static IEndpointRouteBuilder MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/api/v1/alerts", (HttpContext context, IAlerts alerts) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(alerts.Current, AlertMessageJson.Default.IReadOnlyListAlert);
        }).RequireAdminToken();
        endpoints.MapPost("/admin/api/v1/alerts:test", async (AlertTest test, CancellationToken cancellation) =>
            Results.Json(await test.SendAsync(cancellation))).RequireAdminToken();
        return endpoints;
    }
}
