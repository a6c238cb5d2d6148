namespace Codius.Web.Balances;

/// <summary>All that can become of taking money from an account.</summary>
internal enum SpendOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The same id was seen before; nothing changed.</summary>
    Repeated,

    /// <summary>Nobody ever paid this account.</summary>
    NoAccount,

    /// <summary>Not enough money; nothing changed.</summary>
    NotEnough,

    /// <summary>The change would leave the account's range; nothing changed.</summary>
    OutOfRange,

    /// <summary>The money is there, but gateways hold it; they were asked to give it back. Nothing changed; try again shortly.</summary>
    Recalled,

    /// <summary>The store could not be asked.</summary>
    Unavailable,
}

/// <summary>What became of it, and the funds afterwards.</summary>
internal readonly record struct SpendResult(SpendOutcome Outcome, ulong Funds = 0);

/// <summary>Running time to be paid up to now.</summary>
/// <param name="Account">The app's account.</param>
/// <param name="PerHour">Units an hour costs.</param>
/// <param name="Waking">True for the request that wakes the app: pays one interval (a minute) ahead, whole or not at all, and starts the
/// clock.</param>
/// <param name="Reserved">With <paramref name="Waking"/>: units the waking request has reserved for itself; they cannot pay for the wake
/// too.</param>
internal sealed record RunningBill(AccountId Account, ulong PerHour, bool Waking = false, ulong Reserved = 0);

/// <summary>What running time cost.</summary>
/// <param name="Outcome">
/// <see cref="SpendOutcome.Done"/>: paid, or still owed while gateways hold money of the account. <see cref="SpendOutcome.NotEnough"/>: it
/// took
/// what was there, and nothing is left anywhere (of a wake: took nothing). <see cref="SpendOutcome.Recalled"/>: only of a wake.
/// </param>
/// <param name="Debited">Units taken by this call.</param>
/// <param name="Funds">The account's funds afterwards.</param>
internal readonly record struct RunningResult(SpendOutcome Outcome, ulong Debited = 0, ulong Funds = 0);
