using Codius.Web.Apps;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Visits.Arrival;

/// <summary>
/// Finds the app of a request and rejects what must not cost anything: unknown names, too many requests, what does not wake an app.
/// </summary>
internal sealed class ArrivalStep(
    IAppCatalog catalog, IAppRunner runner, ClientRateLimiter clients, WakeRules wakeRules)
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

    private async ValueTask<VisitOutcome> WaitAsync(Visit visit, ValueTask<int> admission)
    {
        var retryAfter = await admission;
        // While it waited, its owner may have deleted the app or deployed another version.
        if (!catalog.TryFind(visit.Context, out var app)) return VisitOutcome.UnknownApp;
        visit.App = app;
        return Continue(visit, retryAfter);
    }

    private VisitOutcome Continue(Visit visit, int retryAfter)
    {
        if (retryAfter > 0)
        {
            visit.RetryAfter = retryAfter;
            return VisitOutcome.TooFast;
        }
        if (visit.App.BlockedWords is not null) return VisitOutcome.Blocked;
        if (runner.StateOf(visit.App) is not (AppState.Awake or AppState.WakingState) && !wakeRules.MayWake(visit))
            return VisitOutcome.LeftAsleep;
        return VisitOutcome.None;
    }

    private static bool IsWebSocketOverHttp2(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
