using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>Which entries of a statement are wanted; null for any.</summary>
/// <param name="Way">stream, receipt, wallet or connector.</param>
/// <param name="Kind">The kind of entry.</param>
/// <param name="From">None that was made before.</param>
/// <param name="Until">None that was made then or later.</param>
internal sealed record StatementFilter(
    string? Way = null, StatementKind? Kind = null, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    private const int AllEntries = 1_000; // about as many as a statement has

    /// <summary>A page of the entries that are wanted; one may have fewer than its size, and a next one.</summary>
    /// <exception cref="ArgumentException">The cursor is none.</exception>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<StatementPage> ReadAsync(
        IBooks books, AccountId account, string? cursor, int size, CancellationToken cancellation)
    {
        if (this == new StatementFilter()) return await books.ReadEntriesAsync(account, cursor, size, cancellation);
        var page = await books.ReadEntriesAsync(account, cursor, AllEntries, cancellation);
        var wanted = page.Entries.Index().Where(each => IsWanted(each.Item)).Take(size + 1).ToList();
        if (wanted.Count <= size) return new StatementPage([.. wanted.Select(each => each.Item)], page.Next);
        // The cursor after the last one that is shown; entries that came meanwhile make the next page repeat some.
        var upTo = await books.ReadEntriesAsync(account, cursor, wanted[size - 1].Index + 1, cancellation);
        return new StatementPage([.. wanted.Take(size).Select(each => each.Item)], upTo.Next);
    }

    private bool IsWanted(StatementEntry entry) => (Way is null || Way == entry.Way) && (Kind is null || Kind == entry.Kind)
        && !(entry.At < From) && !(entry.At >= Until);
}
