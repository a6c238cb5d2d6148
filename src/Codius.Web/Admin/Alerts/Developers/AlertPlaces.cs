using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// Which apps' developers are alerted, in the ledger's Redis: the same for all gateways, and for one that starts. An app keeps its place as
/// long as it wants one, and while no gateway runs for a week.
/// </summary>
/// <remarks>
/// No money depends on it, and so the script is here and not among the ledger's: of two gateways that lose what they know, each app finds
/// its place anew.
/// </remarks>
internal sealed class AlertPlaces(RedisStore store, RedisKey key)
{
    /// <summary>How long a place is kept that no gateway renews.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>
    /// ARGV: how many places there are, how long they are kept (ms), how many of the following names want none any more, these, and those
    /// that want one. Returns those of the latter that have one.
    /// </summary>
    private const string Script = """
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
        local gone = tonumber(ARGV[3])
        for i = 4, 3 + gone do redis.call('ZREM', KEYS[1], ARGV[i]) end
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - tonumber(ARGV[2])))
        local count = redis.call('ZCARD', KEYS[1])
        local placed = {}
        for i = 4 + gone, #ARGV do
          local known = redis.call('ZSCORE', KEYS[1], ARGV[i])
          if known or count < tonumber(ARGV[1]) then
            if not known then count = count + 1 end
            redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[i])
            placed[#placed + 1] = ARGV[i]
          end
        end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return placed
        """;

    /// <summary>All that have a place.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<HashSet<string>> ReadAsync() => store.OfAlertsAsync(async database =>
        NamesOf(await database.SortedSetRangeByRankAsync(key)));

    /// <summary>Renews places, and takes those that are free; who has one keeps it.</summary>
    /// <param name="wanting">The apps that want one, in the order in which free ones are taken.</param>
    /// <param name="gone">Those that had one and want none any more.</param>
    /// <param name="most">How many places there are.</param>
    /// <returns>Those of <paramref name="wanting"/> that have one.</returns>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<HashSet<string>> TakeAsync(IReadOnlyCollection<string> wanting, IReadOnlyCollection<string> gone, int most) =>
        store.OfAlertsAsync(async database => NamesOf((RedisValue[]?)await database.ScriptEvaluateAsync(
            Script, [key], [most, (long)Kept.TotalMilliseconds, gone.Count, .. Values(gone), .. Values(wanting)])));

    private static IEnumerable<RedisValue> Values(IEnumerable<string> names) => names.Select(name => (RedisValue)name);

    private static HashSet<string> NamesOf(RedisValue[]? names) =>
        (names ?? []).Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal);
}
