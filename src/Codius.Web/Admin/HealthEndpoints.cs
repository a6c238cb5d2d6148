using System.Text.Json.Serialization;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Health;

namespace Codius.Web.Admin;

/// <summary>How the gateway is: for probes in one word, for its owner in full.</summary>
internal static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health/live", () => Results.Text("live\n"));
        endpoints.MapGet("/health/ready", ReadyAsync);
        endpoints.MapGet("/admin/health", AllAsync).RequireAdminToken();
        return endpoints;
    }

    /// <summary>200 while new visits are welcome: not stopping, and all that is needed to serve works.</summary>
    private static async Task<IResult> ReadyAsync(HttpContext context, Drain drain, IEnumerable<IHealthPart> parts)
    {
        if (drain.Started) return Results.Text("stopping\n", statusCode: 503);
        foreach (var part in parts)
        {
            var health = await part.CheckAsync(context.RequestAborted);
            if (health is { NeededToServe: true, State: HealthState.Failed }) return Results.Text($"{part.Name} has failed\n", statusCode: 503);
        }
        return Results.Text("ready\n");
    }

    private static async Task<IResult> AllAsync(HttpContext context, Drain drain, IEnumerable<IHealthPart> parts)
    {
        var reports = new Dictionary<string, PartReport>();
        var worst = HealthState.Good;
        foreach (var part in parts)
        {
            var health = await part.CheckAsync(context.RequestAborted);
            if (health.State > worst) worst = health.State;
            reports[part.Name] = new PartReport(Word(health.State), health.Since, health.Summary, health.LastError, health.Details);
        }
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { state = Word(worst), stopping = drain.Started, parts = reports });
    }

    private static string Word(HealthState state) => state switch
    {
        HealthState.Good => "good",
        HealthState.Degraded => "degraded",
        _ => "failed",
    };

    /// <summary>The JSON of one part.</summary>
    private sealed record PartReport(
        string State, DateTimeOffset Since, string Summary, string? LastError,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object?>? Details);
}
