using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Visits.Charging;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Finds the app of a request and rejects what must not cost anything: unknown names, too many requests, incidental requests.
/// </summary>
internal sealed class ArrivalStep(
    IAppCatalog catalog, IAppRunner runner, ClientRateLimiter clients, SpendCap caps, Prices prices)
{
    public ValueTask<VisitOutcome> EnterAsync(Visit visit)
    {
        var context = visit.Context;
        visit.Kind = VisitKinds.Of(context.Request);
        if (!catalog.TryFind(context, out var app)) return new(VisitOutcome.UnknownApp);
        visit.App = app;
        if (HttpMethods.IsConnect(context.Request.Method) && !IsWebSocketOverHttp2(context)) return new(VisitOutcome.NotForwardable);

        var admission = clients.AdmitAsync(context.Connection.RemoteIpAddress, app, context.RequestAborted);
        return admission.IsCompletedSuccessfully ? new(Continue(visit, admission.Result)) : WaitAsync(visit, admission);
    }

    private async ValueTask<VisitOutcome> WaitAsync(Visit visit, ValueTask<int> admission) => Continue(visit, await admission);

    private VisitOutcome Continue(Visit visit, int retryAfter)
    {
        if (retryAfter > 0)
        {
            visit.RetryAfter = retryAfter;
            return VisitOutcome.TooFast;
        }
        if (visit.Kind is VisitKind.Preflight or VisitKind.Incidental
            && runner.StateOf(visit.App) is not (AppState.Awake or AppState.WakingState))
            return VisitOutcome.LeftAsleep;

        if (visit.App.MaxSpendPerHour is { } cap && visit.Kind != VisitKind.Preflight)
        {
            if (!caps.TryReserve(visit.App.Name, cap, prices.PerRequest, out var minute, out retryAfter))
            {
                visit.RetryAfter = retryAfter;
                return VisitOutcome.OverOwnersCap;
            }
            visit.CapMinute = minute;
        }
        return VisitOutcome.None;
    }

    private static bool IsWebSocketOverHttp2(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
