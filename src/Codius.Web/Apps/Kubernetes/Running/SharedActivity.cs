using System.Globalization;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The open requests of each app over all gateways: every second each gateway writes its own to a key that expires, and reads
/// those of the others. Only the leader puts apps to sleep by it, and only while what it read is fresh.
/// </summary>
internal sealed partial class SharedActivity(
    AppActivity own, Leadership leadership, RedisStore store, Supervisor supervisor, TimeProvider time, ILogger<SharedActivity> log)
    : SupervisedService(supervisor.Work("shared activity")), IActivityView
{
    private static readonly RedisKey Gateways = "codius-apps:{all}:gateways";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private Dictionary<string, (int Open, TimeSpan Idle)> _others = [];
    private long? _readAt;
    private bool _inTrouble;

    public bool Decides => leadership.IsLeader && _readAt is { } at && time.GetElapsedTime(at) < Fresh;

    private IDatabase Database => store.Connection.GetDatabase();

    public int Open(string app) => own.Open(app) + (_others.TryGetValue(app, out var others) ? others.Open : 0);

    public TimeSpan? IdleFor(string app)
    {
        var here = own.IdleFor(app);
        if (!_others.TryGetValue(app, out var others)) return here;
        var there = others.Open > 0 || _readAt is not { } at ? TimeSpan.Zero : others.Idle + time.GetElapsedTime(at);
        return here is { } idle && idle < there ? idle : there;
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            try
            {
                await BeatAsync();
                _inTrouble = false;
                Work.Succeeded();
            }
            catch (Exception trouble) when (trouble is RedisException or TimeoutException)
            {
                if (!_inTrouble) LogTrouble(trouble.Message);
                _inTrouble = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Database.SetRemoveAsync(Gateways, leadership.Identity);
            await Database.KeyDeleteAsync(KeyOf(leadership.Identity));
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            LogTrouble(trouble.Message); // it expires by itself
        }
    }

    private async Task BeatAsync()
    {
        await Database.StringSetAsync(KeyOf(leadership.Identity), string.Join('\n', own.Names.Select(Line)), Lifetime);
        await Database.SetAddAsync(Gateways, leadership.Identity);
        var all = new Dictionary<string, (int Open, TimeSpan Idle)>(StringComparer.Ordinal);
        foreach (var gateway in await Database.SetMembersAsync(Gateways))
        {
            if (gateway == leadership.Identity) continue;
            var text = await Database.StringGetAsync(KeyOf(gateway!));
            if (text.IsNull) await Database.SetRemoveAsync(Gateways, gateway);
            foreach (var line in ((string?)text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) Count(all, line);
        }
        _others = all;
        _readAt = time.GetTimestamp();
    }

    private string Line(string app) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{app} {own.Open(app)} {(long)(own.IdleFor(app) ?? TimeSpan.MaxValue).TotalMilliseconds}");

    private static void Count(Dictionary<string, (int Open, TimeSpan Idle)> all, string line)
    {
        if (line.Split(' ') is not [var app, var open, var idle]) return;
        var seen = all.TryGetValue(app, out var known) ? known : (Open: 0, Idle: TimeSpan.MaxValue);
        var idleFor = TimeSpan.FromMilliseconds(
            Math.Min(long.Parse(idle, CultureInfo.InvariantCulture), (long)TimeSpan.FromDays(365).TotalMilliseconds));
        all[app] = (seen.Open + int.Parse(open, CultureInfo.InvariantCulture), idleFor < seen.Idle ? idleFor : seen.Idle);
    }

    private static RedisKey KeyOf(string gateway) => $"codius-apps:{{all}}:activity:{gateway}";

    [LoggerMessage(LogLevel.Warning, "What is open at the apps is not shared with other gateways now: {Cause}")]
    private partial void LogTrouble(string cause);
}
