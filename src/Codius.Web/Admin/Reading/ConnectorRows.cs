using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Debts;

namespace Codius.Web.Admin.Reading;

/// <summary>A connector and what it owes the host.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="Owed">What it owes, in units.</param>
/// <param name="Limit">What it may owe at most; beyond that its packets are refused.</param>
/// <param name="SettledTotal">What it has ever settled.</param>
/// <param name="LastSettledAt">When it last did; null if it never did, or that is long ago.</param>
/// <param name="LastReference">The reference of that: its Idempotency-Key, with the admin's name before it.</param>
/// <param name="LastReason">The reason that was given for it.</param>
internal sealed record ConnectorRow(
    string Name, ulong Owed, ulong Limit, ulong SettledTotal, DateTimeOffset? LastSettledAt, string? LastReference = null,
    string? LastReason = null);

/// <summary>Reads who owes the host.</summary>
internal sealed class ConnectorRows(IDebtors debtors, IBooks books)
{
    private const int Newest = 50;

    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<ConnectorRow>> ReadAsync(CancellationToken cancellation) =>
        await Task.WhenAll(debtors.All.Select(debtor => ReadAsync(debtor, cancellation)));

    /// <summary>One connector; null if there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<ConnectorRow?> FindAsync(string name, CancellationToken cancellation) =>
        DebtorOf(name) is { } debtor ? await ReadAsync(debtor, cancellation) : null;

    /// <summary>One who owes, from memory; null if there is none.</summary>
    public Debtor? DebtorOf(string name) => debtors.Find(name);

    private async Task<ConnectorRow> ReadAsync(Debtor debtor, CancellationToken cancellation)
    {
        var totals = await books.ReadTotalsAsync(debtor.Book, cancellation);
        var newest = await books.ReadEntriesAsync(debtor.Book, null, Newest, cancellation);
        var last = newest.Entries.FirstOrDefault(entry => entry.Kind == StatementKind.AdjustedDown);
        return new ConnectorRow(
            debtor.Name, debtor.Owed, debtor.Limit, totals?.AdjustedDown ?? 0, last?.At, last?.Reference, last?.Reason);
    }
}
