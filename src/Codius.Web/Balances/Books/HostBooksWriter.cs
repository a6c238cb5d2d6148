using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Books;

/// <summary>Adds what accounts have booked to the books of the host: any gateway, at any time, and twice is as good as once.</summary>
internal sealed class HostBooksWriter(RedisStore store, LedgerScripts scripts)
{
    /// <summary>How many accounts one script has: so long it keeps its store from all others.</summary>
    public const int Most = 64;

    private static readonly RedisValue[] Fields = ["totals", "credited"];

    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>Reads the accounts and adds what is new; false if the store did not answer, or too late.</summary>
    public async Task<bool> IncludeAsync(IReadOnlyCollection<AccountId> accounts)
    {
        foreach (var batch in accounts.Chunk(Most))
            if (!await IncludeBatchAsync(batch))
                return false;
        return true;
    }

    private async Task<bool> IncludeBatchAsync(AccountId[] accounts)
    {
        // By the clock of the books' own slot, and before the accounts are read.
        if (await RunAsync("9999999999999") is not [_, var readAt]) return false;
        var read = await Task.WhenAll(accounts.Select(account => _database.HashGetAsync(BalanceKeys.Account(account), Fields)));
        var arguments = new List<RedisValue>(1 + (2 * accounts.Length)) { readAt };
        for (var i = 0; i < accounts.Length; i++)
        {
            var (totals, credited) = (read[i][0], read[i][1]);
            // One from before the books: it has nothing to add until it changes.
            if (totals.IsNullOrEmpty && !credited.IsNull) continue;
            arguments.Add(accounts[i].ToString());
            arguments.Add(credited.IsNull ? "" : totals);
        }
        return await RunAsync([.. arguments]) is [var outcome, _] && outcome == "done";
    }

    private ValueTask<RedisValue[]?> RunAsync(params RedisValue[] arguments)
    {
        var books = BalanceKeys.Books(BalanceKeys.HostBooks);
        return scripts.TryRunAsync(LedgerScript.HostBooks, [BalanceKeys.HostBooks, books[0], books[1]], arguments);
    }
}
