using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// What the host's owner was told, in the ledger's Redis, and when a gateway last saw it: so that a gateway which starts, or outlives
/// another one, sends that it ended.
/// </summary>
/// <remarks>Times are of the gateways' clocks, the latest counts. No money depends on it.</remarks>
internal sealed class ToldAlerts(RedisStore store)
{
    /// <summary>Bounds what is read; each gateway watches fewer.</summary>
    private const int Most = 1_000;

    /// <summary>As long as the marks.</summary>
    private static readonly TimeSpan Kept = AlertMarks.SentFor;

    private static RedisKey Alerts => BalanceKeys.ToldAlerts[0];

    private static RedisKey Seen => BalanceKeys.ToldAlerts[1];

    /// <summary>The owner was told of these, and they are seen now.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task SeeAsync(IReadOnlyCollection<Alert> alerts, DateTimeOffset now) => store.OfAlertsAsync(async database =>
    {
        // A crash after this line: an alert that was never seen is not read, and goes with the others.
        await database.HashSetAsync(Alerts, [.. alerts.Select(alert => new HashEntry(
            alert.Id, JsonSerializer.Serialize(alert, AlertMessageJson.Default.Alert)))]);
        await database.SortedSetAddAsync(
            Seen, [.. alerts.Select(alert => new SortedSetEntry(alert.Id, now.ToUnixTimeMilliseconds()))], SortedSetWhen.GreaterThan);
        await Task.WhenAll(database.KeyExpireAsync(Alerts, Kept), database.KeyExpireAsync(Seen, Kept));
        return true;
    });

    /// <summary>Those that no gateway has seen since a time, and when one last did.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<EndedAlert[]> ReadUnseenAsync(DateTimeOffset since) => store.OfAlertsAsync<EndedAlert[]>(async database =>
    {
        var unseen = await database.SortedSetRangeByScoreWithScoresAsync(
            Seen, stop: since.ToUnixTimeMilliseconds(), exclude: Exclude.Stop, take: Most);
        if (unseen.Length == 0) return [];
        var texts = await database.HashGetAsync(Alerts, [.. unseen.Select(entry => entry.Element)]);
        return [.. unseen.Zip(texts).Where(pair => !pair.Second.IsNull).Select(pair => new EndedAlert(
            JsonSerializer.Deserialize((string)pair.Second!, AlertMessageJson.Default.Alert)!,
            DateTimeOffset.FromUnixTimeMilliseconds((long)pair.First.Score)))];
    });

    /// <summary>True if any gateway has seen the alert since.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> IsSeenSinceAsync(string alert, DateTimeOffset since) => store.OfAlertsAsync(async database =>
        await database.SortedSetScoreAsync(Seen, alert) is { } at && at > since.ToUnixTimeMilliseconds());

    /// <summary>The owner was told that these ended.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task ForgetAsync(IReadOnlyCollection<string> alerts) => store.OfAlertsAsync(async database =>
    {
        RedisValue[] ids = [.. alerts.Select(id => (RedisValue)id)];
        await database.SortedSetRemoveAsync(Seen, ids);
        await database.HashDeleteAsync(Alerts, ids);
        return true;
    });
}
