namespace Codius.Web.Balances.Books;

/// <summary>Reads what the ledger has booked: each account's statement and its hours and days, and those of the host.</summary>
/// <remarks>All of it throws <see cref="LedgerUnavailableException"/> while the store is unavailable.</remarks>
internal interface IBooks
{
    /// <summary>A page of the account's newest entries, newest first.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="cursor"><see cref="StatementPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="size">1 to 1000.</param>
    /// <param name="cancellation">The reader left.</param>
    /// <exception cref="ArgumentException">The cursor is none, or the size is out of range.</exception>
    ValueTask<StatementPage> ReadEntriesAsync(AccountId account, string? cursor, int size, CancellationToken cancellation);

    /// <summary>Entries of the account's statement by their ids; those that it does not have any more are left out.</summary>
    ValueTask<IReadOnlyList<StatementEntry>> FindEntriesAsync(
        AccountId account, IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>The hours or days in which something was booked, oldest first: those that start within the time.</summary>
    /// <remarks>
    /// Hours are kept for 90 days, days for five years; of an account that was paid little, for less time. The oldest day that is kept has
    /// all that was before it, too, so that a sum over all days is the account's.
    /// </remarks>
    ValueTask<IReadOnlyList<BookLine>> ReadLinesAsync(
        AccountId account, BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>All that was ever booked on the account; null if it was never paid.</summary>
    ValueTask<BookTotals?> ReadTotalsAsync(AccountId account, CancellationToken cancellation);

    /// <summary>The same of all accounts together, but for what connectors owe; about half a minute late.</summary>
    ValueTask<IReadOnlyList<BookLine>> ReadHostLinesAsync(
        BookStep step, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>All that was ever booked on accounts of the host, but for what connectors owe; about half a minute late.</summary>
    ValueTask<BookTotals> ReadHostTotalsAsync(CancellationToken cancellation);
}
