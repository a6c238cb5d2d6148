using System.Globalization;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Visits.Arrival;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.ColdStart;

/// <summary>Wakes the app if it sleeps: a person gets a page meanwhile, a program's request is held with its body unread.</summary>
internal sealed class ColdStartStep(
    IAppCatalog catalog, IAppRunner runner, WakeRules wakeRules, WakeFee fee, PreflightWake preflights, WaitingRoom room,
    TimeProvider time, IOptions<ColdStartOptions> options)
{
    public ValueTask<VisitOutcome> EnterAsync(Visit visit)
    {
        visit.State = runner.StateOf(visit.App);
        return visit.State is AppState.Awake ? new(VisitOutcome.None) : WakeAsync(visit);
    }

    /// <summary>
    /// Reports that the app did not accept the connection; true if its state changed, so that the visit may be retried.
    /// </summary>
    public bool ReportUnreachable(Visit visit)
    {
        runner.ReportUnreachable(visit.App, (AppState.Awake)visit.State);
        return !ReferenceEquals(runner.StateOf(visit.App), visit.State);
    }

    private async ValueTask<VisitOutcome> WakeAsync(Visit visit)
    {
        visit.Record?.IsCold = true;
        if (visit.State is not AppState.WakingState)
        {
            // It was awake when the visit arrived.
            if (!wakeRules.MayWake(visit)) return VisitOutcome.LeftAsleep;
            var started = await StartAsync(visit);
            if (started != VisitOutcome.None) return started;
        }
        if (visit.State is AppState.Awake) return VisitOutcome.None;
        if (visit.Kind == VisitKind.Navigation) return VisitOutcome.ShownWaking;
        if (visit.State is AppState.Failed) return VisitOutcome.WakeFailed;
        var (app, client) = (visit.App, ClientNetwork.Of(visit.Context.Connection.RemoteIpAddress));
        if (!room.TryEnter(app, client)) return VisitOutcome.NoRoomToWait;
        try
        {
            return await WaitAsync(visit);
        }
        finally
        {
            room.Leave(app, client);
        }
    }

    private async ValueTask<VisitOutcome> StartAsync(Visit visit)
    {
        if (visit.State is AppState.Failed { RetryAt: { } at } failed && at > time.GetUtcNow())
        {
            // The runner would start nothing before its next try, so nothing is billed; nor is it asked, since its time may just be coming.
            visit.State = failed with { Refused = true };
            return VisitOutcome.None;
        }
        var paid = await (visit.Kind == VisitKind.Preflight ? preflights.PayAsync(visit) : fee.PayAsync(visit));
        if (paid != VisitOutcome.None) return paid;
        // The visit may have waited for its price and for the ledger: what its owner deleted meanwhile is not woken, and of what was
        // deployed anew, the new version is.
        if (!catalog.TryFind(visit.Context, out var app))
        {
            await fee.GiveBackAsync(visit, "Deleted");
            return VisitOutcome.UnknownApp;
        }
        visit.App = app;
        if (app.BlockedWords is not null)
        {
            await fee.GiveBackAsync(visit, "Blocked");
            return VisitOutcome.Blocked;
        }
        visit.State = runner.Wake(app);
        if (visit.State is AppState.Failed { Refused: true } refused) await fee.GiveBackAsync(visit, refused.Cause.ToString());
        return VisitOutcome.None;
    }

    private async ValueTask<VisitOutcome> WaitAsync(Visit visit)
    {
        var client = visit.Context.RequestAborted;
        var start = time.GetTimestamp();
        try
        {
            // All that wait for an app share one task; each has a timer of its own, and hears when its client leaves.
            visit.State = await runner.WhenReadyOrFailedAsync(visit.App, CancellationToken.None)
                .WaitAsync(options.Value.Timeout, time, client);
        }
        catch (OperationCanceledException) when (client.IsCancellationRequested)
        {
            return VisitOutcome.ClientLeft;
        }
        catch (TimeoutException)
        {
            if (client.IsCancellationRequested) return VisitOutcome.ClientLeft;
            // What it waits for, or that it failed at this moment.
            visit.State = runner.StateOf(visit.App);
            return visit.State is AppState.Failed ? VisitOutcome.WakeFailed : VisitOutcome.WakeTimedOut;
        }
        finally
        {
            var wait = time.GetElapsedTime(start);
            VisitMetrics.Waited(wait);
            visit.ServerTiming = ServerTiming(time.GetElapsedTime(visit.ArrivedAt, start), wait);
        }
        return visit.State is AppState.Awake ? VisitOutcome.None : IsBlockedNow(visit) ? VisitOutcome.Blocked : VisitOutcome.WakeFailed;
    }

    /// <summary>It was put to sleep before it was awake, since it was blocked meanwhile.</summary>
    private bool IsBlockedNow(Visit visit)
    {
        if (!catalog.TryFind(visit.Context, out var app) || app.BlockedWords is null) return false;
        visit.App = app;
        return true;
    }

    private static string ServerTiming(TimeSpan queue, TimeSpan wake) =>
        string.Create(CultureInfo.InvariantCulture, $"queue;dur={queue.TotalMilliseconds:0.0}, wake;dur={wake.TotalMilliseconds:0.0}");
}
