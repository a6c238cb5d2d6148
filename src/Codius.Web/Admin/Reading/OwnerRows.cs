using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>A deploy token, by the hash that names its account.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Balance">What it can still pay, in units.</param>
/// <param name="Apps">The names that it owns.</param>
internal sealed record OwnerRow(string Account, ulong Balance, IReadOnlyList<string> Apps);

/// <summary>Which deploy tokens are wanted; null for any.</summary>
/// <param name="App">The one that owns the app of this name.</param>
/// <param name="Below">Those that have less than so many units.</param>
/// <param name="AtLeast">Those that have so many units or more.</param>
internal sealed record OwnerFilter(string? App = null, ulong? Below = null, ulong? AtLeast = null)
{
    public bool IsWanted(OwnerRow row) => !(row.Balance >= Below) && !(row.Balance < AtLeast);
}

/// <summary>A part of the deploy tokens, and the cursor of what follows.</summary>
internal sealed record OwnerPage(IReadOnlyList<OwnerRow> Rows, string? Next);

/// <summary>Reads the deploy tokens that own apps, and those that were paid and own none.</summary>
internal sealed class OwnerRows(IAppCatalog catalog, IBalanceLedger ledger, HostAccounts accounts)
{
    private const int MostRead = 1_000; // of which a filter leaves few

    /// <summary>A page of those that own an app, by account; the cursor is the last account that the page before looked at.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<OwnerPage> ReadAsync(string? after, int size, OwnerFilter filter, CancellationToken cancellation)
    {
        var owners = catalog.Current.Named.Where(app => app.Owner is { IsDeployToken: true }).GroupBy(app => app.Owner!.Value)
            .Where(owner => after is null || string.CompareOrdinal(owner.Key.ToString(), after) > 0)
            .Where(owner => filter.App is not { } name || owner.Any(app => app.Name == name))
            .OrderBy(owner => owner.Key.ToString(), StringComparer.Ordinal);
        var (found, read, last) = (new List<OwnerRow>(), 0, default(string));
        foreach (var some in owners.Chunk(size))
        {
            if (found.Count == size || read >= MostRead) return new OwnerPage(found, last);
            var rows = await Task.WhenAll(
                some.Select(owner => RowAsync(owner.Key, [.. owner.Select(app => app.Name)], cancellation)));
            foreach (var row in rows)
            {
                if (found.Count == size) return new OwnerPage(found, last);
                if (filter.IsWanted(row)) found.Add(row);
                last = row.Account;
            }
            read += rows.Length;
        }
        return new OwnerPage(found, null);
    }

    /// <summary>A page of those that were paid and own no app, in no order; null if the cursor is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<OwnerPage?> ReadWithoutAppsAsync(string? cursor, int size, OwnerFilter filter, CancellationToken cancellation)
    {
        var owners = catalog.Current.Named.Where(app => app.Owner is not null).Select(app => app.Owner!.Value).ToHashSet();
        if (await accounts.ReadAsync(cursor, size, account => account.IsDeployToken && !owners.Contains(account)) is not { } page)
            return null;
        var rows = await Task.WhenAll(page.Accounts.Select(account => RowAsync(account, [], cancellation)));
        return new OwnerPage([.. rows.Where(filter.IsWanted)], page.Next);
    }

    /// <summary>One deploy token; null if it owns no app and was never paid.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<OwnerRow?> FindAsync(AccountId account, CancellationToken cancellation)
    {
        if (!account.IsDeployToken) return null;
        string[] apps = [.. catalog.Current.Named.Where(app => app.Owner == account).Select(app => app.Name)];
        return apps.Length == 0 && await ledger.ReadAsync(account, cancellation) is null
            ? null : await RowAsync(account, apps, cancellation);
    }

    private async Task<OwnerRow> RowAsync(AccountId account, IReadOnlyList<string> apps, CancellationToken cancellation) =>
        new(account.ToString(), (await ledger.ReadAsync(account, cancellation))?.Funds ?? 0, apps);
}
