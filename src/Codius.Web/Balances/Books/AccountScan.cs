using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Books;

/// <summary>Reads all that the books of the host have, then all accounts of the store, a page at a time.</summary>
internal sealed class AccountScan(RedisStore store)
{
    private const string Done = "0";
    private const int PageOfKeys = 1000;
    private const int PageOfBooks = 250;

    private readonly Stack<(IServer? Node, string Cursor)> _open = new(
        store.Connection.GetServers().Where(node => node is { IsConnected: true, IsReplica: false })
            .Select(node => ((IServer?)node, Done)).Append((null, Done)));

    /// <summary>True once all pages were read.</summary>
    public bool IsOver => _open.Count == 0;

    /// <summary>The accounts of the next page; some may come twice.</summary>
    public async Task<IReadOnlyCollection<AccountId>> NextAsync()
    {
        var (node, cursor) = _open.Pop();
        var (next, accounts) = node is not null ? await KeysAsync(node, cursor) : await BooksAsync(cursor);
        if (next != Done) _open.Push((node, next));
        return accounts;
    }

    private static async Task<(string Next, HashSet<AccountId> Accounts)> KeysAsync(IServer node, string cursor)
    {
        var (next, keys) = Page(await node.ExecuteAsync(
            "SCAN", [cursor, "MATCH", BalanceKeys.AccountPattern, "COUNT", PageOfKeys.ToString(CultureInfo.InvariantCulture)]));
        var accounts = new HashSet<AccountId>();
        foreach (var key in keys)
            if (BalanceKeys.TryReadAccount(key!, out var account))
                accounts.Add(account);
        return (next, accounts);
    }

    private async Task<(string Next, HashSet<AccountId> Accounts)> BooksAsync(string cursor)
    {
        var (next, fields) = Page(await store.Connection.GetDatabase().ExecuteAsync(
            "HSCAN", [BalanceKeys.HostBooks, cursor, "COUNT", PageOfBooks.ToString(CultureInfo.InvariantCulture)]));
        var accounts = new HashSet<AccountId>();
        for (var i = 0; i < fields.Length; i += 2)
            if (AccountId.TryParse(fields[i], out var account))
                accounts.Add(account);
        return (next, accounts);
    }

    private static (string Next, string?[] Values) Page(RedisResult result)
    {
        var parts = (RedisResult[])result!;
        return ((string)parts[0]!, (string?[])parts[1]!);
    }
}
