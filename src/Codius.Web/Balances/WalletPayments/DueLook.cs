namespace Codius.Web.Balances.WalletPayments;

/// <summary>A payment that this gateway looks at now.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Unchanged">Looks since the last hint or increase, the look that saw the increase included.</param>
/// <param name="Closing">True if it is to be completed at the wallet; what it received is credited, and it is forgotten.</param>
/// <param name="Claim">Which claim this is: a later one decides when the next look is due.</param>
/// <param name="At">When it was claimed, by the store's clock: what a payment's end is compared with.</param>
internal sealed record DueLook(WalletPayment Payment, int Unchanged, bool Closing, string Claim = "0", DateTimeOffset At = default);

/// <summary>The possible results of a look.</summary>
internal enum LookOutcome
{
    /// <summary>The wallet received nothing more.</summary>
    Unchanged,

    /// <summary>The wallet received more, and it is credited.</summary>
    Increased,

    /// <summary>The wallet or the ledger could not be asked, or its answer not be used.</summary>
    Failed,

    /// <summary>All is credited and nothing more can come: the payment is forgotten.</summary>
    Ended,
}

/// <summary>The result of a look.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="After">There is no next look before this has passed.</param>
internal readonly record struct LookResult(LookOutcome Outcome, TimeSpan After = default)
{
    public static LookResult Unchanged { get; } = new(LookOutcome.Unchanged);

    public static LookResult Increased { get; } = new(LookOutcome.Increased);

    public static LookResult Ended { get; } = new(LookOutcome.Ended);

    public static LookResult Failed(TimeSpan after = default) => new(LookOutcome.Failed, after);
}
