using System.Collections.Concurrent;
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
/// <remarks>
/// A gateway writes what is open or ended in the last minute, however many apps were ever visited; the readers remember the rest. One that
/// has just started knows nothing older: to it an app is idle since it was first seen awake.
/// </remarks>
internal sealed partial class SharedActivity(
    AppActivity own, Leadership leadership, RedisStore store, Supervisor supervisor, TimeProvider time, ILogger<SharedActivity> log)
    : SupervisedService(supervisor.Work("shared activity")), IActivityView
{
    private static readonly RedisKey Gateways = "codius-apps:{all}:gateways";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>How old the key of a gateway with nothing to say may be; two of its writes may fail before it ends.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a gateway may miss what others write and still put apps to sleep.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    /// <summary>The longest time after which an idle app is put to sleep.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(10);

    // Changed in place: a copy each second would cost as much as all apps that were ever visited.
    private readonly ConcurrentDictionary<string, Seen> _others = new(StringComparer.Ordinal);
    private HashSet<string> _open = new(StringComparer.Ordinal);
    private long _forgotAt = time.GetTimestamp();
    private long? _readAt;
    private long? _wroteNothingAt;
    private bool _inTrouble;

    public bool Decides => leadership.IsLeader && _readAt is { } at && time.GetElapsedTime(at) < Fresh;

    private IDatabase Database => store.Connection.GetDatabase();

    public int Open(string app) => own.Open(app) + (_others.TryGetValue(app, out var others) ? others.Open : 0);

    public TimeSpan? IdleFor(string app)
    {
        var here = own.IdleFor(app);
        if (!_others.TryGetValue(app, out var others)) return here;
        var there = others.Open > 0 ? TimeSpan.Zero : time.GetElapsedTime(others.LastEnd);
        return here is { } idle && idle < there ? idle : there;
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Beat, time);
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
        var (writing, reading) = (WriteAsync(), Database.SetMembersAsync(Gateways)); // sent together
        await writing;
        var gateways = await reading;
        if (!gateways.Contains(leadership.Identity)) await Database.SetAddAsync(Gateways, leadership.Identity);
        RedisValue[] others = [.. gateways.Where(gateway => gateway != leadership.Identity)];
        var texts = others.Length == 0 ? [] : await Database.StringGetAsync([.. others.Select(gateway => KeyOf(gateway!))]);
        var read = new Dictionary<string, Seen>(StringComparer.Ordinal);
        foreach (var (gateway, text) in others.Zip(texts))
        {
            if (text.IsNull) await Database.SetRemoveAsync(Gateways, gateway);
            foreach (var line in ((string?)text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)) Count(read, line);
        }
        // What was open counts as ended when it was last read, unless it is read again.
        foreach (var ended in _open.Where(app => !read.ContainsKey(app))) _others[ended] = _others[ended] with { Open = 0 };
        foreach (var (app, seen) in read)
            _others[app] = seen with { LastEnd = Math.Max(seen.LastEnd, _others.GetValueOrDefault(app, seen).LastEnd) };
        _open = [.. read.Where(seen => seen.Value.Open > 0).Select(seen => seen.Key)];
        Forget();
        _readAt = time.GetTimestamp();
    }

    /// <summary>While nothing was open or has ended lately, only to keep the key.</summary>
    private async Task WriteAsync()
    {
        var text = string.Join('\n', own.Recent(Recent).Select(Line));
        if (text.Length == 0 && _wroteNothingAt is { } at && time.GetElapsedTime(at) < Kept) return;
        await Database.StringSetAsync(KeyOf(leadership.Identity), text, Lifetime);
        _wroteNothingAt = text.Length == 0 ? time.GetTimestamp() : null;
    }

    private void Forget()
    {
        if (time.GetElapsedTime(_forgotAt) < ForgetEvery) return;
        _forgotAt = time.GetTimestamp();
        foreach (var (app, seen) in _others)
        {
            if (seen.Open == 0 && time.GetElapsedTime(seen.LastEnd) >= Remembered) _others.TryRemove(app, out _);
        }
    }

    private static string Line((string App, int Open, TimeSpan Idle) activity) => string.Create(
        CultureInfo.InvariantCulture, $"{activity.App} {activity.Open} {(long)activity.Idle.TotalMilliseconds}");

    private void Count(Dictionary<string, Seen> read, string line)
    {
        if (line.Split(' ') is not [var app, var open, var idle]) return;
        var seen = read.TryGetValue(app, out var known) ? known : new Seen(0, long.MinValue);
        // A gateway of an earlier version, during a rolling update, writes all apps, however long they are idle.
        var ago = Math.Min(long.Parse(idle, CultureInfo.InvariantCulture), (long)Remembered.TotalMilliseconds);
        var lastEnd = time.GetTimestamp() - ago * time.TimestampFrequency / 1000;
        read[app] = new Seen(seen.Open + int.Parse(open, CultureInfo.InvariantCulture), Math.Max(seen.LastEnd, lastEnd));
    }

    private static RedisKey KeyOf(string gateway) => $"codius-apps:{{all}}:activity:{gateway}";

    /// <summary>What other gateways have open, and the timestamp here of the last end.</summary>
    private readonly record struct Seen(int Open, long LastEnd);

    [LoggerMessage(LogLevel.Warning, "What is open at the apps is not shared with other gateways now: {Cause}")]
    private partial void LogTrouble(string cause);
}
