using Codius.Web.Balances;

namespace Codius.Web.Sleeping;

/// <summary>
/// Has the running time of one app paid, a bill each interval. The ledger knows until when it was paid, so more bills
/// than one (other gateways, a last one before sleep) never take more.
/// </summary>
internal sealed class RunningTime(AccountId account, SleepTools tools)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _billedAt = tools.Time.GetTimestamp();

    public bool IsDue => tools.Time.GetElapsedTime(_billedAt) >= Interval;

    /// <summary>False if there was not enough. A ledger in trouble is asked again after the next interval; up to three of them are then still billed.</summary>
    public async ValueTask<bool> BillAsync(CancellationToken cancellation)
    {
        if (tools.Prices.PerRunningHour == 0) return true;
        _billedAt = tools.Time.GetTimestamp();
        var bill = await tools.Ledger.BillRunningAsync(new RunningBill(account, tools.Prices.PerRunningHour), cancellation);
        SleepMetrics.Billed(bill.Taken);
        return bill.Outcome is not (SpendOutcome.NotEnough or SpendOutcome.NoAccount);
    }
}
