namespace Codius.Web.Balances.Books;

/// <summary>Sums of what was booked, in units, by kind.</summary>
internal sealed record BookTotals
{
    /// <summary>Paid by STREAM packets.</summary>
    public ulong PaidByStream { get; init; }

    /// <summary>Paid by posted receipts.</summary>
    public ulong PaidByReceipt { get; init; }

    /// <summary>Paid to the host's receiving wallet.</summary>
    public ulong PaidByWallet { get; init; }

    /// <summary>Added by hand.</summary>
    public ulong AdjustedUp { get; init; }

    /// <summary>Taken away by hand; of what a connector owes: what it has settled.</summary>
    public ulong AdjustedDown { get; init; }

    /// <summary>Credited before the books began, or by a gateway of a version without them.</summary>
    public ulong CreditedBefore { get; init; }

    /// <summary>Spent on visits.</summary>
    public ulong Requests { get; init; }

    /// <summary>Spent on running time.</summary>
    public ulong Running { get; init; }

    /// <summary>Spent on deploys.</summary>
    public ulong Deploys { get; init; }

    /// <summary>Spent by callers of the receipt verifier.</summary>
    public ulong Calls { get; init; }

    /// <summary>Left on an account whose name was free again.</summary>
    public ulong Forfeited { get; init; }

    /// <summary>Spent before the books began, or through a gateway of a version without them.</summary>
    public ulong SpentBefore { get; init; }

    /// <summary>Given back by hand.</summary>
    public ulong Refunded { get; init; }

    /// <summary>Given back for wakes that failed, or were not over when the next one came.</summary>
    public ulong GivenBack { get; init; }

    /// <summary>All that was credited: of an account, its balance's <see cref="Balance.Credited"/>.</summary>
    public ulong Credited => Clamp(
        (UInt128)PaidByStream + PaidByReceipt + PaidByWallet + AdjustedUp + CreditedBefore, AdjustedDown);

    /// <summary>All that was spent and not given back: of an account, its balance's <see cref="Balance.Spent"/>.</summary>
    public ulong Spent => Clamp(
        (UInt128)Requests + Running + Deploys + Calls + Forfeited + SpentBefore, (UInt128)Refunded + GivenBack);

    // A line may give back more than it spent: what was spent before.
    private static ulong Clamp(UInt128 sum, UInt128 less) => sum <= less ? 0 : (ulong)UInt128.Min(sum - less, ulong.MaxValue);
}
