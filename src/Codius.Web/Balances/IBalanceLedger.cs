namespace Codius.Web.Balances;

/// <summary>
/// The only code that changes balances. Every call is one script on one account; it returns an outcome instead of throwing for what a
/// caller can expect, and <c>Unavailable</c> when the store cannot be reached or its answer was lost. A call that was sent cannot be
/// cancelled: the tokens only keep one from being sent.
/// </summary>
internal interface IBalanceLedger
{
    /// <summary>The balance of an account; null if it was never paid.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    ValueTask<Balance?> ReadAsync(AccountId account, CancellationToken cancellation);

    /// <summary>Credits one STREAM packet, once, before its deadline (MONEY 2, single events).</summary>
    ValueTask<CreditResult> CreditAsync(PacketCredit credit, CancellationToken cancellation);

    /// <summary>Credits the increase of a receipt's total (MONEY 2, running totals).</summary>
    ValueTask<CreditResult> CreditAsync(ReceiptCredit credit, CancellationToken cancellation);

    /// <summary>Credits the increase of what the host's receiving wallet received (MONEY 2, running totals).</summary>
    ValueTask<CreditResult> CreditAsync(WalletCredit credit, CancellationToken cancellation);

    /// <summary>
    /// Spends an amount, whole or not at all: the receipt verifier's <c>:spend</c>. With an id a repeat changes nothing.
    /// </summary>
    ValueTask<SpendResult> SpendAsync(AccountId account, ulong amount, CancellationToken cancellation, string? id = null);

    /// <summary>Settles a lease by its cumulative used amount and requests more, in one step (MONEY 4).</summary>
    ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>Bills the account's running time up to now (MONEY 5).</summary>
    ValueTask<RunningResult> BillRunningAsync(RunningBill bill, CancellationToken cancellation);

    /// <summary>What a wake paid is earned, or given back (MONEY 5). Repeated, if the account has no wake whose end is unknown.</summary>
    ValueTask<RunningResult> EndWakeAsync(WakeEnd end, CancellationToken cancellation);

    /// <summary>Gives spent money back; the id makes a repeat change nothing. The statement has the reason and who did it.</summary>
    ValueTask<SpendResult> RefundAsync(
        AccountId account, ulong amount, string id, string reason, string by, CancellationToken cancellation);

    /// <summary>
    /// Changes credited and balance together, never below zero; the id makes a repeat change nothing. The statement has the reason and who
    /// did it.
    /// </summary>
    ValueTask<SpendResult> AdjustAsync(
        AccountId account, long change, string id, string reason, string by, CancellationToken cancellation);

    /// <summary>
    /// Adds what is owed to a book of the host. Each writer numbers its bookings from 1 on, and may repeat the last one: it counts once.
    /// </summary>
    ValueTask<SpendResult> BookAsync(
        AccountId book, ulong amount, string writer, long sequence, CancellationToken cancellation);

    /// <summary>
    /// Books all that is left of an account without an owner as spent; a repeat takes what was credited since. Recalled, with nothing
    /// taken, while gateways hold some of it.
    /// </summary>
    ValueTask<SpendResult> ForfeitAsync(AccountId account, string id, string reason, CancellationToken cancellation);
}

/// <summary>The store of balances is unavailable; the outcome is unknown.</summary>
internal sealed class LedgerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
