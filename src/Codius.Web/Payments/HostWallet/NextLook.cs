using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.Payments.HostWallet;

/// <summary>When a payment is looked at again that was read and credited, or that it has ended.</summary>
/// <remarks>
/// A payment's end is judged by the store's clock, and by the time of the claim, which is before the read: a gateway with a fast clock must
/// not have a payment forgotten that can still be paid.
/// </remarks>
internal static class NextLook
{
    /// <summary>The wallet's clock may be behind: a payment may still be made there when its end is past here.</summary>
    public static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(1);

    /// <summary>What is on its way when a payment is completed has arrived by then.</summary>
    private static readonly TimeSpan InFlight = TimeSpan.FromSeconds(3);

    /// <summary>True once nothing more can be paid at the wallet, whose clock may be behind.</summary>
    public static bool IsPastEnd(DueLook due) => due.At >= due.Payment.ExpiresAt + ClocksApart;

    /// <param name="due">What was claimed.</param>
    /// <param name="isIncreased">More was credited than before.</param>
    /// <param name="completedFor">
    /// How long before the claim it was first seen completed, by this gateway's monotonic clock; null if it is not.
    /// </param>
    public static LookResult After(DueLook due, bool isIncreased, TimeSpan? completedFor)
    {
        // Packets that were on their way may be counted after it was completed: it is forgotten when they have arrived.
        if (completedFor is { } time)
        {
            return !isIncreased && time >= InFlight ? LookResult.Ended
                : new LookResult(isIncreased ? LookOutcome.Increased : LookOutcome.Unchanged, InFlight);
        }
        // Without means to pay it nothing more can arrive.
        if (IsPastEnd(due)) return LookResult.Ended;
        if (due.At >= due.Payment.ExpiresAt) return LookResult.Failed(due.Payment.ExpiresAt + ClocksApart - due.At);
        return isIncreased ? LookResult.Increased : LookResult.Unchanged;
    }
}
