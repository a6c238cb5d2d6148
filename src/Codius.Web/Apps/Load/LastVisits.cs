using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Load;

/// <summary>
/// When each app was last visited, at whichever gateway, also before this one started: each writes once a minute which apps were in use at
/// it since. A gateway that crashes loses a minute of it.
/// </summary>
internal sealed class LastVisits(
    AppActivity own, IActivityView activity, RedisStore store, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("last visits"))
{
    /// <summary>How many apps are kept, those visited last, of about 100 bytes each.</summary>
    public const int Most = 100_000;

    private const int AtOnce = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    private long _writtenAt = time.GetTimestamp();

    /// <summary>Sorted set: the apps by the milliseconds since 1970 at which each was last in use.</summary>
    public static RedisKey Key { get; } = "codius-apps:{all}:visited";

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>When each of these apps was last in use, in their order; null for one of which that is not known.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<DateTimeOffset?>> ReadAsync(IReadOnlyCollection<string> apps)
    {
        if (apps.Count == 0) return [];
        RedisValue[] names = [.. apps.Select(app => (RedisValue)app)];
        var written = await StoreTrouble.TranslateAsync(
            () => Database.SortedSetScoresAsync(Key, names), "The last visits of apps cannot be read.");
        return [.. apps.Zip(written, (app, at) => Later(activity.IdleFor(app), at))];
    }

    /// <summary>Writes which apps were in use here since this was last done.</summary>
    public async Task WriteAsync()
    {
        var (at, now) = (time.GetTimestamp(), time.GetUtcNow());
        // A second more, so that none is between two rounds.
        var since = time.GetElapsedTime(_writtenAt, at) + TimeSpan.FromSeconds(1);
        var visited = own.Recent(since).Select(app =>
            new SortedSetEntry(app.App, (now - app.Idle).ToUnixTimeMilliseconds())).ToList();
        foreach (var some in visited.Chunk(AtOnce))
            await Database.SortedSetAddAsync(Key, some, SortedSetWhen.GreaterThan);
        if (visited.Count > 0) await Database.SortedSetRemoveRangeByRankAsync(Key, 0, -Most - 1);
        _writtenAt = at;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StoreTrouble.TryAsync(WriteAsync);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // The next round writes what this one did not.
            await StoreTrouble.TryAsync(WriteAsync);
            Work.Succeeded();
        }
    }

    private DateTimeOffset? Later(TimeSpan? idle, double? written)
    {
        var now = time.GetUtcNow();
        var here = idle is { } ago ? now - ago : (DateTimeOffset?)null;
        if (written is not { } milliseconds) return here;
        // Another gateway's clock may be ahead.
        var there = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(milliseconds, now.ToUnixTimeMilliseconds()));
        return here > there ? here : there;
    }
}
