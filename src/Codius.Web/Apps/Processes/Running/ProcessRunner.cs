using System.Collections.Concurrent;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Runs apps as processes of this machine. Names hold processes, one per hash: it runs while a name holds it.
/// One lock guards who holds what; a visit only reads.
/// </summary>
internal sealed class ProcessRunner(KnownImages images, ProcessRunnerParts parts, AppActivity activity, AppMetrics metrics) : IAppRunner
{
    /// <summary>How long requests in flight may end by themselves before the app is asked to; sockets would stay, so not longer.</summary>
    private static readonly TimeSpan LongestQuietWait = TimeSpan.FromSeconds(2);

    /// <summary>How long an old version may take to end once the new one serves.</summary>
    private static readonly TimeSpan ReplaceGrace = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, NamedProcess> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AppProcess> _byHash = new(StringComparer.Ordinal);
    private readonly Dictionary<AppProcess, Task> _ending = [];
    private readonly Lock _lock = new();
    private bool _closed;

    public event Action<string>? StateChanged;

    public IReadOnlyCollection<AppStatus> Statuses => [.. _names.Values.Select(named => named.Status)];

    public AppState StateOf(HostedApp app) => _names.TryGetValue(app.Name, out var named) ? named.Status.State : AppState.Asleep;

    public AppState Wake(HostedApp app)
    {
        NamedProcess named;
        AppState before;
        lock (_lock)
        {
            if (_closed) return new AppState.Failed("The gateway is ending.");
            named = _names.GetOrAdd(app.Name, static (_, made) => new NamedProcess(made), app);
            before = named.Status.State;
            if (before is AppState.AsleepState or AppState.Failed) Start(named, app);
            else if (named.NewestHash != app.Hash) Replace(named, app);
        }
        if (named.Status.State != before) StateChanged?.Invoke(app.Name);
        return named.Status.State;
    }

    public Task<AppState> WhenSettledAsync(HostedApp app, CancellationToken cancellation) =>
        _names.TryGetValue(app.Name, out var named)
            ? named.Settled.WaitAsync(cancellation)
            : Task.FromResult<AppState>(new AppState.Failed("The app was put to sleep before it was awake."));

    public async Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation)
    {
        Task gone;
        lock (_lock)
        {
            if (!_names.TryRemove(app.Name, out var named)) return;
            named.Become(AppState.Asleep, parts.Tools.Time.GetUtcNow());
            gone = Task.WhenAll(named.Held.Select(process => LetGo(process, app.Name, grace)).ToArray());
        }
        RunnerLog.Slept(parts.Log, app.Name);
        metrics.Slept();
        StateChanged?.Invoke(app.Name);
        await gone.WaitAsync(cancellation);
    }

    public void ReportUnreachable(HostedApp app, AppState.Awake state)
    {
        // The end of a process is seen at once: one that refuses connections is there, and does so of its own will.
    }

    /// <summary>Ends all apps with the gateway: politely, by force after the grace or once the gateway has no more time.</summary>
    public async Task CloseAsync(TimeSpan grace, CancellationToken outOfTime)
    {
        AppProcess[] all;
        Task[] ending;
        lock (_lock)
        {
            _closed = true;
            all = [.. _byHash.Values, .. _ending.Keys];
            ending = [.. _ending.Values];
        }
        using var graceOver = new CancellationTokenSource(grace, parts.Tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(graceOver.Token, outOfTime);
        using var force = either.Token.Register(() => Array.ForEach(all, process => process.Kill()));
        await Task.WhenAll(all.Select(process => process.StopAsync(grace)).Concat(ending));
    }

    private void Start(NamedProcess named, HostedApp app)
    {
        var now = parts.Tools.Time.GetUtcNow();
        if (!images.TryFind(app.Image, out var image)) named.Become(new AppState.Failed(KnownImages.Unlisted(app.Image)), now);
        else if (parts.History.Forbids(app.Hash) is { } tooEarly) named.Become(tooEarly, now);
        else
        {
            RunnerLog.Waking(parts.Log, app.Name);
            metrics.Woken();
            named.Serve(app, Hold(app, image), now);
        }
    }

    /// <summary>The old version serves on until the new one is awake.</summary>
    private void Replace(NamedProcess named, HostedApp app)
    {
        if (!images.TryFind(app.Image, out var image)) named.Refuse(KnownImages.Unlisted(app.Image));
        else if (named.Status.App.Hash == app.Hash) LetGo(named.Prepare(app, null), app.Name, TimeSpan.Zero);
        else if (parts.History.Forbids(app.Hash) is { } tooEarly) named.Refuse(tooEarly.Reason);
        else
        {
            LetGo(named.Prepare(app, Hold(app, image)), app.Name, TimeSpan.Zero);
            // Another name may have it running already.
            LetGo(named.Follow(parts.Tools.Time.GetUtcNow()), app.Name, ReplaceGrace);
        }
    }

    private AppProcess Hold(HostedApp app, ImageOptions image)
    {
        if (!_byHash.TryGetValue(app.Hash, out var process)) _byHash[app.Hash] = process = new AppProcess(app, image, parts, Follow);
        process.Holders.Add(app.Name);
        return process;
    }

    /// <summary>A name needs the process no more; the last one to say so ends it. Under the lock; the task ends when it is gone.</summary>
    private Task LetGo(AppProcess? process, string name, TimeSpan grace)
    {
        if (process is null || !process.Holders.Remove(name) || process.Holders.Count > 0) return Task.CompletedTask;
        Unlist(process);
        return _ending[process] = Task.Run(() => EndAsync(process, name, grace));
    }

    private bool Unlist(AppProcess process) =>
        _byHash.TryGetValue(process.App.Hash, out var current) && current == process && _byHash.Remove(process.App.Hash);

    private async Task EndAsync(AppProcess process, string name, TimeSpan grace)
    {
        // The new state was written first, now a look at who is open: a visit does it the other way round, so one sees the other.
        Interlocked.MemoryBarrier();
        var quietWait = grace / 2 < LongestQuietWait ? grace / 2 : LongestQuietWait;
        using var enough = new CancellationTokenSource(quietWait, parts.Tools.Time);
        await activity.WhenQuietAsync(name, enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await process.StopAsync(grace - (enough.IsCancellationRequested ? quietWait : TimeSpan.Zero));
        lock (_lock) _ending.Remove(process);
    }

    /// <summary>A process changed: so do the names it serves or is about to.</summary>
    private void Follow(AppProcess process)
    {
        List<string> changed = [];
        lock (_lock)
        {
            if (process.State is AppState.Failed && Unlist(process)) metrics.Failed();
            foreach (var name in process.Holders.ToArray())
            {
                var named = _names[name];
                var before = named.Status;
                LetGo(named.Follow(parts.Tools.Time.GetUtcNow()), name, ReplaceGrace);
                if (named.Status.State is AppState.Failed) process.Holders.Remove(name);
                if (named.Status != before) changed.Add(name);
            }
        }
        foreach (var name in changed) StateChanged?.Invoke(name);
    }
}
