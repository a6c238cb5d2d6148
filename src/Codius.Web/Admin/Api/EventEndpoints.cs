using Codius.Web.Admin.Access;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api;

/// <summary>The stream of what happens at the host.</summary>
internal static class EventEndpoints
{
    private static readonly ApiProblem Enough = new(new Problem(503, "too-many-streams", "There are enough streams of events",
        $"This gateway has {ApiEvents.Most}. Close one, or try again later.")
    {
        RetryAfter = 30,
    });

    public static RouteGroupBuilder MapEvents(this RouteGroupBuilder api)
    {
        api.MapGet("/events", Follow).WithTags("Host").RequireScope(AdminScope.Read).WithName("followEvents")
            .WithSummary("Follows what happens, as server-sent events")
            .WithDescription("Changes of apps' states and of accounts; with kinds, such as app,account, of these alone. Each says what "
                + "to read again; some may be left out of a slow stream.")
            .Produces<HostEvent>(StatusCodes.Status200OK, "text/event-stream");
        return api;
    }

    private static Results<ServerSentEventsResult<HostEvent>, ApiProblem> Follow(ApiEvents events, HttpContext context, string? kinds)
    {
        var wanted = kinds?.Split(',');
        if (wanted?.Except(ApiEvents.Kinds).Any() == true)
            return ApiProblem.Bad("kinds", $"kinds must be of {string.Join(", ", ApiEvents.Kinds)}, separated by commas.");
        // A HEAD has the same headers, and an end.
        if (HttpMethods.IsHead(context.Request.Method)) return TypedResults.ServerSentEvents(AsyncEnumerable.Empty<HostEvent>());
        var hash = AdminToken.Hash(AdminCredential.Read(context.Request.Headers.Authorization)!);
        return events.TryOpen(context.Admin(), hash, wanted, context.RequestAborted) is { } stream
            ? TypedResults.ServerSentEvents(stream) : Enough;
    }
}
