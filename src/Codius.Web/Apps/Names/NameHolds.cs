using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Apps.Names;

/// <summary>Holds in Redis, each beside its app's account: <c>owner until</c>, the time in milliseconds.</summary>
internal sealed class NameHolds(RedisStore store, IBalanceLedger ledger, IOptions<AppOptions> options, TimeProvider time) : INameHolds
{
    private IDatabase Database => store.Connection.GetDatabase();

    public async ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation)
    {
        var kept = await ExecuteAsync(database => database.StringGetAsync(Key(name)));
        if (((string?)kept)?.Split(' ') is not [var owner, var until]) return null;
        if (long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeMilliseconds())
            return AccountId.TryParse(owner, out var account) ? account : null;
        // The money goes first: a crash in between leaves the hold, and the next caller books it again under the same id.
        var forfeited = await ledger.ForfeitAsync(AccountId.OfApp(name), $"kept until {until}", "the name was deleted and its time is over",
            cancellation);
        if (forfeited.Outcome is SpendOutcome.Recalled or SpendOutcome.Unavailable)
            throw new AppStoreUnavailableException($"What is left of '{name}' cannot be booked now.");
        await ExecuteAsync(database =>
            database.ScriptEvaluateAsync("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end",
            [Key(name)], [kept]));
        return null;
    }

    public async ValueTask HoldAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        var until = (time.GetUtcNow() + options.Value.KeepName).ToUnixTimeMilliseconds();
        // Safe to repeat, and a repeat does not prolong it.
        await ExecuteAsync(database =>
            database.StringSetAsync(Key(name), string.Create(CultureInfo.InvariantCulture, $"{owner} {until}"), when: When.NotExists));
    }

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
