namespace Codius.Web.Balances.Debts;

/// <summary>Records what debtors have paid, for a program with the host's own token.</summary>
internal interface ISettlements
{
    /// <summary>
    /// Settles an amount once, and writes down who asked for it; null, and nothing done, if the key was another request's.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable; nothing was changed.</exception>
    ValueTask<SpendResult?> SettleAsync(string debtor, ulong units, string key, string? from, CancellationToken cancellation);
}
