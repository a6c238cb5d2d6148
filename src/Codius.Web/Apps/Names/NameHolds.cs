using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Apps.Names;

/// <summary>
/// Holds in Redis, each beside its app's account: <c>owner until</c>, the time in milliseconds. Judged by the store's clock: the clock of
/// one gateway that is wrong must free no name, nor keep one.
/// </summary>
internal sealed class NameHolds(RedisStore store, IBalanceLedger ledger, IOptions<AppOptions> options) : INameHolds
{
    private const string Now = "local t = redis.call('TIME'); local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)";

    /// <summary>Holds a name for ARGV[1] for so many milliseconds, unless it is held: a repeat does not prolong it.</summary>
    private const string Hold = Now + """

        if redis.call('EXISTS', KEYS[1]) == 1 then return end
        redis.call('SET', KEYS[1], string.format('%s %.0f', ARGV[1], now + tonumber(ARGV[2])))
        """;

    /// <summary>The hold, and whether it has ended; nothing if there is none.</summary>
    private const string Read = Now + """

        local hold = redis.call('GET', KEYS[1])
        if not hold then return {} end
        return { hold, now >= tonumber(string.match(hold, '%d+$')) and '1' or '0' }
        """;

    private const string Remove = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

    private IDatabase Database => store.Connection.GetDatabase();

    public async ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation)
    {
        var read = (RedisValue[])(await ExecuteAsync(database => database.ScriptEvaluateAsync(Read, [Key(name)])))!;
        if (read is not [var kept, var ended] || ((string)kept!).Split(' ') is not [var owner, var until]) return null;
        if (ended != "1") return AccountId.TryParse(owner, out var account) ? account : null;
        // The money goes first: a crash in between leaves the hold, and the next caller books it again under the same id.
        var forfeited = await ledger.ForfeitAsync(AccountId.OfApp(name), $"kept until {until}", "the name was deleted and its time is over",
            cancellation);
        if (forfeited.Outcome is SpendOutcome.Recalled or SpendOutcome.Unavailable)
            throw new AppStoreUnavailableException($"What is left of '{name}' cannot be booked now.");
        await ExecuteAsync(database => database.ScriptEvaluateAsync(Remove, [Key(name)], [kept]));
        return null;
    }

    public async ValueTask HoldAsync(string name, AccountId owner, CancellationToken cancellation) =>
        await ExecuteAsync(database => database.ScriptEvaluateAsync(
            Hold, [Key(name)], [owner.ToString(), (long)options.Value.KeepName.TotalMilliseconds]));

    public async ValueTask ReleaseAsync(string name, CancellationToken cancellation) =>
        await ExecuteAsync(database => database.KeyDeleteAsync(Key(name)));

    private static RedisKey Key(string name) => $"{BalanceKeys.Account(AccountId.OfApp(name))}:kept";

    private async ValueTask<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return await command(Database);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            throw new AppStoreUnavailableException("The store of kept names cannot be asked.", trouble);
        }
    }
}
