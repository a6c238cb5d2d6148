using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Runs the ledger's scripts by their hash, and turns every kind of trouble into one answer: unavailable.</summary>
internal sealed class LedgerScripts(RedisStore store, LedgerHealth health)
{
    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>The script's answer as texts; null if the store could not be asked or its answer was lost.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="keys">All keys it touches.</param>
    /// <param name="arguments">Its arguments.</param>
    public async ValueTask<RedisValue[]?> TryRunAsync(LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            RedisResult result;
            try
            {
                result = await _database.ScriptEvaluateAsync(script.Hash, keys, arguments);
            }
            catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // A new or restarted store: it learns the script from its text and knows the hash from then on.
                result = await _database.ScriptEvaluateAsync(script.Text, keys, arguments);
            }
            health.Answered();
            return result.Resp2Type == ResultType.Array ? (RedisValue[])result! : [(RedisValue)result];
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException or ObjectDisposedException)
        {
            health.Failed(script.Name, trouble);
            return null;
        }
    }
}
