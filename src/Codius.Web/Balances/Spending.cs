namespace Codius.Web.Balances;

/// <summary>The possible outcomes of changing an account.</summary>
internal enum SpendOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The same id was seen before; nothing changed.</summary>
    Repeated,

    /// <summary>This account was never paid.</summary>
    NoAccount,

    /// <summary>Not enough money; nothing changed.</summary>
    NotEnough,

    /// <summary>The change would leave the account's range; nothing changed.</summary>
    OutOfRange,

    /// <summary>The account has the funds, but gateways lease them and were asked to return them. Nothing changed; retry shortly.</summary>
    Recalled,

    /// <summary>The store is unavailable.</summary>
    Unavailable,

    /// <summary>
    /// It was begun before, and the account has had so many changes since that whether it was made is forgotten; nothing changed now.
    /// </summary>
    Forgotten,
}

/// <summary>The outcome, and the funds afterwards.</summary>
internal readonly record struct SpendResult(SpendOutcome Outcome, ulong Funds = 0);

/// <summary>A request to bill running time up to now.</summary>
/// <param name="Account">The app's account.</param>
/// <param name="PerHour">Units an hour costs.</param>
/// <param name="Waking">
/// True for the request that wakes the app: pays one interval (a minute) in advance, whole or not at all, and starts the clock.
/// </param>
/// <param name="Reserved">
/// With <paramref name="Waking"/>: units the waking request has reserved for itself; they cannot also pay for the wake.
/// </param>
/// <param name="Earned">
/// True if what the last wake paid is earned: the app was awake since, or failed by itself. Otherwise it stays to be given back, and
/// with <paramref name="Waking"/> it counts for this wake.
/// </param>
/// <param name="OnlyOverdue">True to bill only if no gateway has for an interval.</param>
/// <param name="Asleep">True for the last bill of an app that is asleep now: what it leaves owed is written off.</param>
/// <param name="Counted">
/// With <paramref name="Waking"/>: units that count against the owner's cap per hour, though they are not charged.
/// </param>
internal sealed record RunningBill(
    AccountId Account, ulong PerHour, bool Waking = false, ulong Reserved = 0, bool Earned = false, bool OnlyOverdue = false,
    bool Asleep = false, ulong Counted = 0);

/// <summary>How a wake ended; the first report of a wake counts, whatever number of gateways sends one.</summary>
/// <param name="Account">The app's account.</param>
/// <param name="GiveBackFor">Why what it paid is given back; null: it is earned.</param>
/// <param name="PerHour">Units an hour costs.</param>
/// <param name="Ran">True if containers of the app ran, though it did not start: the time until now is not given back.</param>
internal sealed record WakeEnd(AccountId Account, string? GiveBackFor = null, ulong PerHour = 0, bool Ran = false);

/// <summary>What running time cost.</summary>
/// <param name="Outcome">
/// <see cref="SpendOutcome.Done"/>: paid, or still owed while gateways lease units of the account. <see cref="SpendOutcome.NotEnough"/>:
/// all that was left was debited, and nothing can be recalled, or has not come back for over an interval (for a wake: nothing was
/// debited). <see cref="SpendOutcome.Recalled"/>: only for a wake.
/// </param>
/// <param name="Debited">Units debited by this call.</param>
/// <param name="Funds">The account's funds afterwards.</param>
/// <param name="Returned">Units that this call gave back of what a wake had paid.</param>
/// <param name="WrittenOff">Units that were owed and are not any more: the host's loss.</param>
internal readonly record struct RunningResult(
    SpendOutcome Outcome, ulong Debited = 0, ulong Funds = 0, ulong Returned = 0, ulong WrittenOff = 0);
