using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Reading;

/// <summary>A deploy token, by the hash that names its account.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Balance">What it can still pay, in units.</param>
/// <param name="Apps">The names that it owns.</param>
internal sealed record OwnerRow(string Account, ulong Balance, IReadOnlyList<string> Apps);

/// <summary>A part of the deploy tokens, and the cursor of what follows.</summary>
internal sealed record OwnerPage(IReadOnlyList<OwnerRow> Rows, string? Next);

/// <summary>Reads the deploy tokens that own apps, and those that were paid and own none.</summary>
internal sealed class OwnerRows(IAppCatalog catalog, IBalanceLedger ledger, HostAccounts accounts)
{
    /// <summary>A page of those that own an app, by account; the cursor is the last account of the page before.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<OwnerPage> ReadAsync(string? after, int size, CancellationToken cancellation)
    {
        var owners = catalog.Current.Named.Where(app => app.Owner is { IsDeployToken: true }).GroupBy(app => app.Owner!.Value)
            .Where(owner => after is null || string.CompareOrdinal(owner.Key.ToString(), after) > 0)
            .OrderBy(owner => owner.Key.ToString(), StringComparer.Ordinal).Take(size + 1).ToList();
        var rows = await Task.WhenAll(
            owners.Take(size).Select(owner => RowAsync(owner.Key, [.. owner.Select(app => app.Name)], cancellation)));
        return new OwnerPage(rows, owners.Count > size ? rows[^1].Account : null);
    }

    /// <summary>A page of those that were paid and own no app, in no order; null if the cursor is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<OwnerPage?> ReadWithoutAppsAsync(string? cursor, int size, CancellationToken cancellation)
    {
        var owners = catalog.Current.Named.Where(app => app.Owner is not null).Select(app => app.Owner!.Value).ToHashSet();
        if (await accounts.ReadAsync(cursor, size, account => account.IsDeployToken && !owners.Contains(account)) is not { } page)
            return null;
        return new OwnerPage(await Task.WhenAll(page.Accounts.Select(account => RowAsync(account, [], cancellation))), page.Next);
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
