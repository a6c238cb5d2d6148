using System.Runtime.CompilerServices;
using Codius.Web.Apps;
using Codius.Web.Visits.AccessLog;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.Charging;
using Codius.Web.Visits.ColdStart;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Visits;

/// <summary>
/// The path of a request for an app, from its Host header to the app's answer. Each step either continues the visit or ends it
/// with a <see cref="VisitOutcome"/>; however it ends, its price is committed or voided exactly once.
/// <code>
///   a request for https://{app}.{host}/...
///        │
///   (1) Arrival      which app? too fast? blocked? ───► 400 403 404 429   not charged, wakes nothing
///        │
///   (2) Charging     reserve the price ───────────────► 402 429 503     not charged, wakes nothing
///        │
///   (3) ColdStart    pay a minute, wake, wait ────────► 402 503 504     void
///        │      ▲
///        │      └──── nothing listens at that address
///   (4) Forwarding   YARP ───────► the app's answer                     commit when it begins
///        │              ├────────► its 5xx, or none: 502                void; commit beyond the free ones
///        │              ├────────► does not begin to answer: 504       void; commit beyond the free ones
///        │              └────────► never reached it: 502 503            void
///   (5) Charge       nothing stays reserved
///   (6) Error        page or problem for an end without the app's answer
/// </code>
/// </summary>
internal sealed class VisitPipeline(
    ArrivalStep arrival,
    ChargingStep charging,
    ColdStartStep coldStart,
    ForwardingStep forwarding,
    VisitErrorWriter errors,
    FailedVisits failures,
    AppActivity activity,
    VisitRecorder recorder,
    TimeProvider time)
{
    public async Task VisitAsync(HttpContext context)
    {
        var visit = new Visit(context, time.GetTimestamp());
        visit.Record = recorder.Begin(context, visit.ArrivedAt);
        try
        {
            // :: Step 1: find the app; check the client's rate limit (a short wait at most).
            visit.Outcome = await arrival.EnterAsync(visit);

            // :: Step 2: reserve the price, within the owner's cap.
            if (visit.Continues)
            {
                visit.Record?.Begin(VisitStep.Charging);
                visit.Outcome = await charging.ReserveAsync(visit);
            }

            // :: Step 3 and 4: wake, forward. Only a visit that can pay keeps its app awake.
            if (visit.Continues) visit.Outcome = await UseAppAsync(visit);

            // :: Step 5: release a price that the app's answer did not commit, before a slow client is written to.
            VisitCharge.Close(visit);

            // :: Step 6: answer why there is no answer from the app.
            if (VisitErrorWriter.IsError(visit)) await errors.WriteAsync(visit);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (visit.Continues) visit.Outcome = VisitOutcome.ClientLeft;
        }
        finally
        {
            VisitCharge.Close(visit);
            VisitMetrics.Ended(visit);
            VisitFailures.Count(failures, visit);
            if (visit.Record is { } record) recorder.End(visit, record);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // every visit waits here for its app
    private async ValueTask<VisitOutcome> UseAppAsync(Visit visit)
    {
        activity.Begin(visit.App);
        try
        {
            for (var again = false; ; again = true)
            {
                // :: Step 3: an awake app costs one state lookup; a sleeping one is woken.
                visit.Record?.Begin(VisitStep.ColdStart);
                var outcome = await coldStart.EnterAsync(visit);
                if (outcome != VisitOutcome.None) return outcome;

                // :: Step 4: from here on, client and app exchange their streams.
                visit.Record?.Begin(VisitStep.Forwarding);
                outcome = await forwarding.ForwardAsync(visit);

                // The app was put to sleep or died just before its state was read or the connection was opened. Nothing was sent, so
                // the same request may start over once, instead of failing for a client that came at the wrong moment.
                if (outcome != VisitOutcome.AppUnreachable || again || !coldStart.ReportUnreachable(visit) || visit.BodyTaken)
                    return outcome;
                visit.Context.Response.Clear();
                visit.BeginDelivery();
            }
        }
        finally
        {
            activity.End(visit.App);
        }
    }
}
