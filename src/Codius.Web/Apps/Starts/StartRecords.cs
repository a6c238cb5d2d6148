using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Apps.Starts;

/// <summary>The newest starts of each app, in the ledger's Redis beside its account; a start was paid for.</summary>
internal sealed class StartRecords(RedisStore store)
{
    /// <summary>How many are kept of an app.</summary>
    public const int Most = 50;

    private const int LongestReason = 500;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>
    /// ARGV: the record, how many are kept, and for how long after the last (ms). A record that is there already came by a call whose
    /// answer was lost.
    /// </summary>
    private const string Script = """
        for _, known in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
          if known == ARGV[1] then return 0 end
        end
        redis.call('LPUSH', KEYS[1], ARGV[1])
        redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[2]) - 1)
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """;

    /// <summary>List: the newest first.</summary>
    public static RedisKey Key(string name) => $"{BalanceKeys.Account(AccountId.OfApp(name))}:starts";

    /// <exception cref="AppStoreUnavailableException">The store is unavailable.</exception>
    public async Task AddAsync(string name, StartRecord start)
    {
        if (start.Reason is { Length: > LongestReason } reason) start = start with { Reason = reason[..LongestReason] + "..." };
        var json = JsonSerializer.SerializeToUtf8Bytes(start, StartRecordJson.Default.StartRecord);
        await ExecuteAsync(database => database.ScriptEvaluateAsync(Script, [Key(name)], [json, Most, (long)Kept.TotalMilliseconds]));
    }

    /// <summary>The newest first.</summary>
    /// <exception cref="AppStoreUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<StartRecord>> ReadAsync(string name)
    {
        var all = await ExecuteAsync(database => database.ListRangeAsync(Key(name), 0, Most - 1));
        return [.. all.Select(json => JsonSerializer.Deserialize((byte[])json!, StartRecordJson.Default.StartRecord)!)];
    }

    private async Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return await command(store.Connection.GetDatabase());
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            throw new AppStoreUnavailableException("The store of starts did not answer.", trouble);
        }
    }
}
