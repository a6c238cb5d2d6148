using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Visits.Charging;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Finds the app of a request and rejects what must not cost anything: unknown names, too many requests, incidental requests.
/// </summary>
internal sealed class ArrivalStep(IAppCatalog catalog, IAppRunner runner, ClientRateLimiter clients, SpendCap caps, Prices prices)
{
    public VisitOutcome Enter(Visit visit)
    {
        var context = visit.Context;
        if (!catalog.TryFind(context, out var app)) return VisitOutcome.UnknownApp;
        visit.App = app;
        if (HttpMethods.IsConnect(context.Request.Method) && !IsWebSocketOverHttp2(context)) return VisitOutcome.NotForwardable;

        if (!clients.TryEnter(context.Connection.RemoteIpAddress, app.Name, out var retryAfter))
        {
            visit.RetryAfter = retryAfter;
            return VisitOutcome.TooFast;
        }

        visit.Kind = VisitKinds.Of(context.Request);
        if (visit.Kind is VisitKind.Preflight or VisitKind.Incidental
            && runner.StateOf(app) is not (AppState.Awake or AppState.WakingState))
            return VisitOutcome.LeftAsleep;

        if (app.MaxSpendPerHour is { } cap && visit.Kind != VisitKind.Preflight)
        {
            if (!caps.TryReserve(app.Name, cap, prices.PerRequest, out var minute, out retryAfter))
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
