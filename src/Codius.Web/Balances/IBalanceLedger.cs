namespace Codius.Web.Balances;

/// <summary>
/// The one keeper of money. Every call is one script on one account; each answer says what happened, never throws for
/// what a caller can meet, and is <c>Unavailable</c> when the store could not be asked or its answer was lost.
/// A call that was sent is not taken back: the tokens only keep one from being sent.
/// </summary>
internal interface IBalanceLedger
{
    /// <summary>The balance of an account; null if nobody ever paid it.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be asked.</exception>
    ValueTask<Balance?> ReadAsync(AccountId account, CancellationToken cancellation);

    /// <summary>Counts one STREAM packet, once, under its deadline (MONEY 2, single events).</summary>
    ValueTask<CreditResult> CreditAsync(PacketCredit credit, CancellationToken cancellation);

    /// <summary>Counts the increase of a receipt's total (MONEY 2, running totals).</summary>
    ValueTask<CreditResult> CreditAsync(ReceiptCredit credit, CancellationToken cancellation);

    /// <summary>
    /// Takes an amount at once, whole or not at all: the receipt verifier's <c>:spend</c>. With an id a repeat changes nothing.
    /// </summary>
    ValueTask<SpendResult> SpendAsync(AccountId account, ulong amount, CancellationToken cancellation, string? id = null);

    /// <summary>Settles a lease by its cumulative used amount and asks for more, in one step (MONEY 4).</summary>
    ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>Moves the account's running time on to now and takes what it costs (MONEY 5).</summary>
    ValueTask<RunningResult> BillRunningAsync(RunningBill bill, CancellationToken cancellation);

    /// <summary>Gives spent money back; the id makes a repeat change nothing.</summary>
    ValueTask<SpendResult> RefundAsync(AccountId account, ulong amount, string id, string reason, CancellationToken cancellation);

    /// <summary>Changes credited and balance together, never below zero; the id makes a repeat change nothing.</summary>
    ValueTask<SpendResult> AdjustAsync(AccountId account, long change, string id, string reason, CancellationToken cancellation);

    /// <summary>Books all that is left of an account nobody owns any more as spent; the id makes a repeat change nothing.</summary>
    ValueTask<SpendResult> ForfeitAsync(AccountId account, string id, string reason, CancellationToken cancellation);
}

/// <summary>The store of balances could not be asked; nothing is known about the outcome.</summary>
internal sealed class LedgerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
