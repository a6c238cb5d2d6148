using Codius.Web.Apps;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.Charging;
using Codius.Web.Visits.ColdStart;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Visits;

/// <summary>
/// The way of a request for an app, from its Host header to the app's answer. Each step either lets the visit go on or
/// ends it with a <see cref="VisitOutcome"/>; whatever ends it, its price is committed or voided, once.
/// <code>
///   a request for https://{app}.{host}/...
///        │
///   (1) Arrival      which app? too fast? ────────────► 400 404 429     not charged, wakes nothing
///        │
///   (2) Charging     reserve the price ───────────────► 402 503         not charged, wakes nothing
///        │
///   (3) ColdStart    pay a minute, wake, wait ────────► 402 503 504     void
///        │      ▲
///        │      └──── nobody at that address any more
///   (4) Forwarding   YARP ───────► the app's answer                     commit when it begins
///        │              ├────────► its 5xx, or none: 502                void; beyond the free ones commit
///        │              └────────► never reached it: 503                void
///   (5) Charge       nothing stays reserved
///   (6) Error        page or problem for an end without the app's answer
/// </code>
/// </summary>
internal sealed class VisitPipeline(
    ArrivalStep arrival,
    ChargingStep charging,
    ColdStartStep coldStart,
    ForwardingStep forwarding,
    VisitCharge charge,
    VisitErrorWriter errors,
    AppActivity activity,
    TimeProvider time)
{
    public async Task VisitAsync(HttpContext context)
    {
        var visit = new Visit(context, time.GetTimestamp());
        try
        {
            // :: Step 1: which app, and may this client (and this app's owner's cap) have one more request?
            visit.Outcome = arrival.Enter(visit);

            // :: Step 2: set the price aside.
            if (visit.GoesOn) visit.Outcome = await charging.ReserveAsync(visit);

            // :: Step 3 and 4: wake, forward. Only a visit that can pay keeps its app awake.
            if (visit.GoesOn) visit.Outcome = await UseAppAsync(visit);

            // :: Step 5: a price that the app's answer did not commit is free again, before anything slow is written.
            charge.Close(visit);

            // :: Step 6: say why there is no answer from the app.
            if (VisitErrorWriter.IsError(visit)) await errors.WriteAsync(visit);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (visit.GoesOn) visit.Outcome = VisitOutcome.ClientLeft;
        }
        finally
        {
            charge.Close(visit);
            VisitMetrics.Ended(visit);
        }
    }

    private async ValueTask<VisitOutcome> UseAppAsync(Visit visit)
    {
        activity.Begin(visit.App);
        try
        {
            for (var again = false; ; again = true)
            {
                // :: Step 3: an app that is awake costs one look; a sleeping one is woken.
                var outcome = await coldStart.EnterAsync(visit);
                if (outcome != VisitOutcome.None) return outcome;

                // :: Step 4: the rest is between the client and the app.
                outcome = await forwarding.ForwardAsync(visit);

                // The app was put to sleep or died between the look and the connection, or just before the look. Nothing was
                // sent, so the same request can go through the door once more: who comes then is not turned away.
                if (outcome != VisitOutcome.AppUnreachable || again || !coldStart.ReportUnreachable(visit)) return outcome;
                visit.Context.Response.Clear();
            }
        }
        finally
        {
            activity.End(visit.App);
        }
    }
}
