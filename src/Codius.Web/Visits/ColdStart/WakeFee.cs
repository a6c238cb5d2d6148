using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Visits.ColdStart;

/// <summary>
/// Bills the first interval of running time before an app is woken, whole or not at all, in addition to the price of the request:
/// an account that cannot pay for a minute awake wakes nothing. Later intervals are billed by Sleeping. A start that fails is
/// billed for that one minute, in which further tries cost nothing more.
/// </summary>
internal sealed class WakeFee(IBalanceLedger ledger, Prices prices, TimeProvider time)
{
    public async ValueTask<VisitOutcome> PayAsync(Visit visit)
    {
        // Before its next try the runner starts nothing, so nothing is billed.
        if (visit.State is AppState.Failed { RetryAt: { } at } && at > time.GetUtcNow()) return VisitOutcome.None;
        var bill = await ledger.BillRunningAsync(
            new RunningBill(visit.App.Account, prices.PerRunningHour, Waking: true, Reserved: prices.PerRequest),
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
}
