using Codius.Web.Balances;

namespace Codius.Web.Sleeping;

/// <summary>
/// Bills the running time of one app, once per interval. The ledger knows until when it was paid, so additional bills (from other
/// gateways, a last one before sleep) never charge twice. The gateway that puts apps to sleep bills when a bill is due; the others only
/// what no gateway has billed for an interval, so that they write nothing as long as one does.
/// </summary>
internal sealed class RunningTime(AccountId account, SleepContext context)
{
    /// <summary>How often an app is billed whose funds may not pay one more interval: it runs unpaid for at most this long.</summary>
    private static readonly TimeSpan ShortFundsInterval = TimeSpan.FromSeconds(5);

    private readonly ulong _perInterval = RunningInterval.PriceOf(context.Prices.PerRunningHour);
    private long _billedAt = context.Time.GetTimestamp();

    /// <summary>True if these funds do not pay one more interval.</summary>
    public bool IsShort(ulong? funds) => funds < _perInterval;

    /// <summary>True if an app with these funds is due to be billed (null: not known yet).</summary>
    public bool IsDue(ulong? funds) =>
        context.Time.GetElapsedTime(_billedAt)
            >= (IsShort(funds) && context.Activity.Decides ? ShortFundsInterval : RunningInterval.Length);

    /// <summary>
    /// False if the funds were not enough. While the ledger is unavailable, billing is retried each interval; up to three intervals are
    /// then still billed.
    /// </summary>
    /// <param name="earned">True once the app was awake, or failed by itself.</param>
    /// <param name="cancellation">Keeps the bill from being sent.</param>
    /// <param name="asleep">True for the last bill of an app that is asleep.</param>
    public async ValueTask<bool> BillAsync(bool earned, CancellationToken cancellation, bool asleep = false)
    {
        if (context.Prices.PerRunningHour == 0) return true;
        _billedAt = context.Time.GetTimestamp();
        var bill = await context.Ledger.BillRunningAsync(
            new RunningBill(
                account, context.Prices.PerRunningHour, Earned: earned, OnlyOverdue: !context.Activity.Decides, Asleep: asleep),
            cancellation);
        return bill.Outcome is not (SpendOutcome.NotEnough or SpendOutcome.NoAccount);
    }
}
