using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// The messages that wait for webhooks, in the ledger's Redis: each is one gateway's until a time that this one moves on, and then any
/// gateway's that takes it.
/// </summary>
/// <remarks>
/// By the clocks of gateways: two that differ by more than the time may both send a message, with the same id. No money depends on it, and
/// so the scripts are here and not among the ledger's.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="keys">The hash of messages, and the sorted set of the times.</param>
/// <param name="most">How many there may be; more are not stored.</param>
internal sealed class StoredMessages(RedisStore store, RedisKey[] keys, int most)
{
    /// <summary>How long they are kept while no gateway runs; they are given up long before.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const int AtOnce = 100;

    /// <summary>
    /// ARGV: until when they are the gateway's, how many there may be, how long all are kept (ms), and ids with messages. Returns the ids
    /// of those that are stored.
    /// </summary>
    private const string PutScript = """
        local stored = {}
        for i = 4, #ARGV, 2 do
          if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 or redis.call('HLEN', KEYS[1]) < tonumber(ARGV[2]) then
            redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
            redis.call('ZADD', KEYS[2], ARGV[1], ARGV[i])
            stored[#stored + 1] = ARGV[i]
          end
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        return stored
        """;

    /// <summary>ARGV: the time, until when they are the gateway's, and how many it takes. Returns ids with messages.</summary>
    private const string TakeScript = """
        local taken = {}
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
          local message = redis.call('HGET', KEYS[1], id)
          if message then
            redis.call('ZADD', KEYS[2], ARGV[2], id)
            taken[#taken + 1] = id
            taken[#taken + 1] = message
          else
            redis.call('ZREM', KEYS[2], id)
          end
        end
        return taken
        """;

    /// <summary>Stores messages, new ones or as they are now, as this gateway's; returns the ids of those that are stored.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task<IReadOnlySet<string>> PutAsync(IEnumerable<AlertMessage> messages, DateTimeOffset until)
    {
        var stored = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in messages.Chunk(AtOnce))
        {
            var pairs = some.SelectMany(message => new RedisValue[]
            {
                message.Id, JsonSerializer.Serialize(message.ToStored(), AlertMessageJson.Default.StoredMessage),
            });
            stored.UnionWith(await RunAsync(PutScript, [Of(until), most, (long)Kept.TotalMilliseconds, .. pairs]));
        }
        return stored;
    }

    /// <summary>Those that are stored stay this gateway's until then.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task RenewAsync(IReadOnlyCollection<string> ids, DateTimeOffset until) => store.OfAlertsAsync(async database =>
    {
        foreach (var some in ids.Chunk(AtOnce))
        {
            await database.SortedSetAddAsync(
                keys[1], [.. some.Select(id => new SortedSetEntry(id, until.ToUnixTimeMilliseconds()))], SortedSetWhen.Exists);
        }
        if (ids.Count > 0) await Task.WhenAll(keys.Select(key => database.KeyExpireAsync(key, Kept)));
        return true;
    });

    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task RemoveAsync(IReadOnlyCollection<string> ids) => store.OfAlertsAsync(async database =>
    {
        foreach (var some in ids.Chunk(AtOnce))
        {
            RedisValue[] gone = [.. some.Select(id => (RedisValue)id)];
            // A crash after this line: the next gateway that looks removes the rest.
            await database.HashDeleteAsync(keys[0], gone);
            await database.SortedSetRemoveAsync(keys[1], gone);
        }
        return true;
    });

    /// <summary>Takes those that are no gateway's any more, the oldest first.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task<IReadOnlyList<AlertMessage>> TakeAsync(DateTimeOffset now, DateTimeOffset until)
    {
        var taken = new List<AlertMessage>();
        while (taken.Count < most && await RunAsync(TakeScript, [Of(now), Of(until), AtOnce]) is { Length: > 0 } some)
        {
            taken.AddRange(some.Chunk(2).Select(pair => AlertMessage.Of(
                pair[0], JsonSerializer.Deserialize(pair[1], AlertMessageJson.Default.StoredMessage)!)));
        }
        return [.. taken.OrderBy(message => message.At)];
    }

    private static RedisValue Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private Task<string[]> RunAsync(string script, RedisValue[] arguments) => store.OfAlertsAsync(async database =>
        Array.ConvertAll((RedisValue[]?)await database.ScriptEvaluateAsync(script, keys, arguments) ?? [], value => value.ToString()));
}
