using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Pages.Following;

/// <summary><c>GET /.well-known/codius/balance</c> and <c>/events</c>: of the app on its own host name, of <c>?account=</c> on the host's.</summary>
internal static class FollowEndpoints
{
    public static IEndpointRouteBuilder MapAppFollowing(this IEndpointRouteBuilder endpoints) => endpoints.Map(FindApp);

    public static IEndpointRouteBuilder MapAccountFollowing(this IEndpointRouteBuilder endpoints) => endpoints.Map(FindAccount);

    private static IEndpointRouteBuilder Map(this IEndpointRouteBuilder endpoints, Func<HttpContext, (Followed, Problem?)> find)
    {
        endpoints.MapGet("/.well-known/codius/balance", context => GetBalanceAsync(context, find(context)));
        endpoints.MapGet("/.well-known/codius/events", context => FollowAsync(context, find(context)));
        return endpoints;
    }

    private static async Task GetBalanceAsync(HttpContext context, (Followed Followed, Problem? Problem) found)
    {
        if (found.Problem is not null)
        {
            await Problems.WriteAsync(context, found.Problem);
            return;
        }
        byte[] state;
        try
        {
            state = await context.RequestServices.GetRequiredService<StateReader>().ReadAsync(found.Followed, context.RequestAborted);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, FollowProblems.LedgerAway);
            return;
        }
        var response = context.Response;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.Headers.AccessControlAllowOrigin = "*";
        await response.Body.WriteAsync(state, context.RequestAborted);
    }

    private static async Task FollowAsync(HttpContext context, (Followed Followed, Problem? Problem) found)
    {
        var services = context.RequestServices;
        IDisposable? place = null;
        var problem = found.Problem ?? services.GetRequiredService<StreamPlaces>().TryTake(context.Connection.RemoteIpAddress, out place) switch
        {
            PlaceOutcome.TooManyOfOne => FollowProblems.TooManyOfOne,
            PlaceOutcome.Full => FollowProblems.Full,
            _ => null,
        };
        if (problem is not null)
        {
            await Problems.WriteAsync(context, problem);
            return;
        }
        using var _ = place;
        // Streams never end by themselves: at shutdown they must not be what the gateway waits for.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.GetRequiredService<Drain>().StreamsEnd);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await services.GetRequiredService<EventStream>().RunAsync(response, found.Followed, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left or the gateway ends: both are how a stream ends.
        }
    }

    private static (Followed, Problem?) FindApp(HttpContext context)
    {
        var label = context.Features.Get<AddresseeFeature>()!.Addressee.Label;
        return context.RequestServices.GetRequiredService<IAppCatalog>().Current.TryFind(label, out var app)
            ? (new Followed(app.Account, app), null)
            : (default, Problem.NoSuchApp);
    }

    private static (Followed, Problem?) FindAccount(HttpContext context) =>
        AccountId.TryParse(context.Request.Query["account"], out var account)
            ? (new Followed(account, null), null)
            : (default, FollowProblems.NoAccount);
}
