using System.Diagnostics;
using StackExchange.Redis;
using static Codius.Web.Balances.Storage.StoredAmount;

namespace Codius.Web.Balances.Storage;

/// <summary>Runs the ledger's scripts by their hash, and turns every kind of failure into one result: unavailable.</summary>
internal class LedgerScripts(RedisStore store, LedgerHealth health, Prices? prices = null, IOwnPrices? own = null)
{
    // An account that never could open a page is dust; without prices there is none.
    private readonly ulong _openAt = prices?.OpenAt ?? 0;
    private readonly IDatabase _database = store.Connection.GetDatabase();
    private readonly IDatabase _credits = store.CreditConnection.GetDatabase();
    private volatile bool _mayShare = true;

    /// <summary>The script's result as texts; null if the store is unavailable or its answer was lost.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="keys">All keys it touches.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="credits">
    /// True if a payer will rely on the answer: with too few replicas it is "unavailable", to be retried with the same identity.
    /// </param>
    public async ValueTask<RedisValue[]?> TryRunAsync(LedgerScript script, RedisKey[] keys, RedisValue[] arguments, bool credits = false) =>
        (await RunAsync(script, keys, arguments, credits)).Values;

    /// <summary>The same, which also says whether the store answered with an error.</summary>
    public async ValueTask<ScriptResult> RunAsync(LedgerScript script, RedisKey[] keys, RedisValue[] arguments, bool credits)
    {
        if (script.ChangesAccount)
        {
            arguments = [.. arguments, BalanceKeys.TryReadAccount((string)keys[0]!, out var account) ? KeptFrom(account) : Text(_openAt)];
            keys = [.. keys, .. BalanceKeys.Books(keys[0])];
        }
        return await RunWholeAsync(script, keys, arguments, credits);
    }

    /// <summary>Runs a script whose keys and arguments are complete.</summary>
    public async ValueTask<ScriptResult> RunWholeAsync(LedgerScript script, RedisKey[] keys, RedisValue[] arguments, bool credits)
    {
        var database = credits ? _credits : _database;
        var start = Stopwatch.GetTimestamp();
        try
        {
            var node = credits && store.CreditReplicas > 0 ? store.CreditNode(keys[0]) : null;
            var result = await EvaluateAsync(database, script, keys, arguments);
            BalanceMetrics.Took(script, Stopwatch.GetElapsedTime(start), trouble: null);
            if (node is not null && !await ReplicatedAsync(node, keys[0])) return default;
            BalanceMetrics.Call(script, answered: true);
            return new ScriptResult(result.Resp2Type == ResultType.Array ? (RedisValue[])result! : [(RedisValue)result]);
        }
        catch (RedisServerException refusal)
            when (script.IsShared && refusal.Message.StartsWith("CROSSSLOT", StringComparison.Ordinal))
        {
            // A cluster behind one address, which does not say that it is one. Nothing is wrong with it.
            _mayShare = false;
            return new ScriptResult(null, WasRefused: true);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed(script.Name, trouble);
            BalanceMetrics.Took(script, Stopwatch.GetElapsedTime(start), trouble);
            BalanceMetrics.Call(script, answered: false);
            return new ScriptResult(null, WasRefused: trouble is RedisServerException);
        }
    }

    /// <summary>What an account must have been paid to be kept for good, the last argument of a script that changes it.</summary>
    public RedisValue KeptFrom(AccountId account) =>
        // An app with a lower price of its own is worth its page from less on.
        Text(own?.Of(account) is { OpenAt: var openAt } ? Math.Min(_openAt, openAt) : _openAt);

    /// <summary>True if accounts may share a script: on a Redis Cluster each is in a slot of its own.</summary>
    public bool MayShare => _mayShare && !store.Nodes.IsCluster;

    /// <summary>Records that the store answered a part of a script with an error.</summary>
    public void RecordRefused(LedgerScript script, string error) => health.Refused(script.Name, error);

    /// <summary>Runs one script; a test may run it on a clock of its own.</summary>
    protected virtual async Task<RedisResult> EvaluateAsync(
        IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Hash, keys, arguments);
        }
        catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // A new or restarted store: it loads the script from its text and finds it by its hash from then on.
            return await database.ScriptEvaluateAsync(script.Text, keys, arguments);
        }
    }

    private async ValueTask<bool> ReplicatedAsync(IServer node, RedisKey key)
    {
        try
        {
            var have = await store.CountReplicasAsync(node, key);
            if (have >= store.CreditReplicas) return true;
            health.Failed("credit", store.TooFewReplicas(have));
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            // Also an error in answer: the script itself has run, so it was not refused.
            health.Failed("credit", trouble);
        }
        return false;
    }
}
