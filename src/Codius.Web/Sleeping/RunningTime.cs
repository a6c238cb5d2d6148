using Codius.Web.Balances;

namespace Codius.Web.Sleeping;

/// <summary>
/// Has the running time of one app paid, a bill each interval. The ledger knows until when it was paid, so more bills
/// than one (other gateways, a last one before sleep) never take more.
/// </summary>
internal sealed class RunningTime(AccountId account, SleepContext context)
{
    /// <summary>How often an app is billed whose funds may not pay one more interval: its end is noticed at most this much late.</summary>
    private static readonly TimeSpan ShortFundsInterval = TimeSpan.FromSeconds(5);

    private readonly ulong _perInterval = RunningInterval.PriceOf(context.Prices.PerRunningHour);
    private long _billedAt = context.Time.GetTimestamp();

    /// <summary>True if it is time for a bill of an app with these funds (null: not known yet).</summary>
    public bool IsDue(ulong? funds) =>
        context.Time.GetElapsedTime(_billedAt) >= (funds < _perInterval ? ShortFundsInterval : RunningInterval.Length);

    /// <summary>
    /// False if there was not enough. A ledger in trouble is asked again after the next interval; up to three of them are then still
    /// billed.
    /// </summary>
    public async ValueTask<bool> BillAsync(CancellationToken cancellation)
    {
        if (context.Prices.PerRunningHour == 0) return true;
        _billedAt = context.Time.GetTimestamp();
        var bill = await context.Ledger.BillRunningAsync(new RunningBill(account, context.Prices.PerRunningHour), cancellation);
        return bill.Outcome is not (SpendOutcome.NotEnough or SpendOutcome.NoAccount);
    }
}
