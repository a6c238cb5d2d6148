using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Pages.Following;

/// <summary>
/// <c>GET /.well-known/codius/balance</c> and <c>/events</c>: of the app on its own host name, of <c>?account=</c> on the host's.
/// </summary>
internal static class FollowEndpoints
{
    public static IEndpointRouteBuilder MapAppFollowing(this IEndpointRouteBuilder endpoints) => endpoints.Map(FindApp);

    public static IEndpointRouteBuilder MapAccountFollowing(this IEndpointRouteBuilder endpoints) => endpoints.Map(FindAccount);

    private static IEndpointRouteBuilder Map(this IEndpointRouteBuilder endpoints, Func<HttpContext, (Followed, Problem?)> find)
    {
        endpoints.MapGet("/.well-known/codius/balance", context => GetBalanceAsync(context, find(context)))
            .WithOwnRate(FollowRateLimiter.Balance);
        endpoints.MapGet("/.well-known/codius/events", context => FollowAsync(context, find(context)))
            .WithOwnRate(FollowRateLimiter.Events);
        return endpoints;
    }

    private static async Task GetBalanceAsync(HttpContext context, (Followed Followed, Problem? Problem) found)
    {
        if (!await EnterAsync(context, FollowRateLimiter.Balance, found)) return;
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
        if (!await EnterAsync(context, FollowRateLimiter.Events, found)) return;
        var services = context.RequestServices;
        var outcome = services.GetRequiredService<StreamSlots>().TryReserve(context.Connection.RemoteIpAddress, out var slot);
        if (outcome != SlotOutcome.Reserved)
        {
            PagesMeter.Refused(FollowRateLimiter.Events, outcome == SlotOutcome.Full ? "too many open" : "too many open, by client");
            await Problems.WriteAsync(context, outcome == SlotOutcome.Full ? FollowProblems.Full : FollowProblems.TooManyOfClient);
            return;
        }
        using var _ = slot;
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method)) return; // without a body there is nothing to follow
        try
        {
            // Streams never end by themselves: shutdown, which must not wait for them, ends their feeds.
            await services.GetRequiredService<EventStream>().RunAsync(response, found.Followed, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected: a stream's normal end.
        }
    }

    private static async ValueTask<bool> EnterAsync(HttpContext context, string endpoint, (Followed Followed, Problem? Problem) found)
    {
        var limiter = context.RequestServices.GetRequiredService<FollowRateLimiter>();
        if (!await limiter.EnterAsync(context, endpoint, found.Problem is null ? found.Followed : null)) return false;
        if (found.Problem is null) return true;
        await Problems.WriteAsync(context, found.Problem);
        return false;
    }

    private static (Followed, Problem?) FindApp(HttpContext context) =>
        context.RequestServices.GetRequiredService<IAppCatalog>().TryFind(context, out var app)
            ? (new Followed(app.Account, app), null)
            : (default, Problem.NoSuchApp);

    private static (Followed, Problem?) FindAccount(HttpContext context) =>
        !AccountId.TryParse(context.Request.Query["account"], out var account) ? (default, FollowProblems.NoAccount)
            // An account that cannot be paid is not read either: its balance never changes.
            : context.RequestServices.GetRequiredService<IAppCatalog>().Current.IsPayable(account) ? (new Followed(account, null), null)
            : (default, FollowProblems.NoSuchAccount);
}
