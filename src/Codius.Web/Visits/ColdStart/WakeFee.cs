using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Visits.ColdStart;

/// <summary>
/// Bills the first interval of running time before an app is woken, whole or not at all, in addition to the price of the request:
/// an account that cannot pay for a minute awake wakes nothing. Later intervals are billed by Sleeping, which also gives back what a
/// wake paid that the host or the image kept from starting. A start that the app fails is billed like time awake.
/// </summary>
internal sealed class WakeFee(IBalanceLedger ledger, Prices prices)
{
    public async ValueTask<VisitOutcome> PayAsync(Visit visit)
    {
        var price = prices.For(visit.App).PerRequest;
        var bill = await ledger.BillRunningAsync(
            new RunningBill(visit.App.Account, prices.PerRunningHour, Waking: true, Reserved: price,
                Earned: visit.State is AppState.Failed { IsFree: false },
                // Its price is released again, but its wake counts in the owner's cap (PreflightWake).
                Counted: visit.Kind == VisitKind.Preflight && visit.App.CapPerHour is not null ? price : 0),
            visit.Context.RequestAborted);
        visit.Funds = bill.Funds;
        return bill.Outcome switch
        {
            SpendOutcome.Done => VisitOutcome.None,
            SpendOutcome.Recalled => VisitOutcome.Recalled,
            SpendOutcome.Unavailable => VisitOutcome.LedgerUnavailable,
            _ => VisitOutcome.NotEnough,
        };
    }

    /// <summary>
    /// Gives it back for a wake that was refused after all, or whose app its owner deleted meanwhile: no event tells Sleeping of it. A
    /// crash before this: the app's next wake is paid by it.
    /// </summary>
    public async ValueTask GiveBackAsync(Visit visit, string reason) =>
        await ledger.EndWakeAsync(new WakeEnd(visit.App.Account, reason), CancellationToken.None);
}
