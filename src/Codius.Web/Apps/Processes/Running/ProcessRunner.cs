using Codius.Web.Apps.Running;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Runs apps as processes of this machine, one per hash: it runs while a name holds it.</summary>
internal sealed class ProcessRunner(KnownImages images, ProcessRunnerContext context, AppActivity activity, AppMetrics metrics)
    : VersionedRunner<AppProcess>(context.Lock, context.Changes, context.MaxAwakePerOwner, activity, context.Time, metrics, context.Log)
{
    /// <summary>How long requests in flight may complete before SIGTERM is sent; sockets stay open, so not longer.</summary>
    private static readonly TimeSpan LongestQuietWait = TimeSpan.FromSeconds(2);

    /// <summary>How long an old version may take to end once the new one serves.</summary>
    private static readonly TimeSpan ReplaceGrace = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, AppProcess> _byHash = new(StringComparer.Ordinal);
    private readonly Dictionary<AppProcess, Task> _ending = [];
    private readonly AppMetrics _metrics = metrics;
    private bool _closed;

    public override void ReportUnreachable(HostedApp app, AppState.Awake state)
    {
        // The end of a process is seen at once: a process that refuses connections still runs, and refuses them by itself.
    }

    /// <summary>Stops all apps with the gateway: by SIGTERM, by SIGKILL after the grace or when the gateway's own time is over.</summary>
    public async Task CloseAsync(TimeSpan grace, CancellationToken outOfTime)
    {
        AppProcess[] all;
        Task[] ending;
        lock (context.Lock)
        {
            _closed = true;
            all = [.. _byHash.Values, .. _ending.Keys];
            ending = [.. _ending.Values];
        }
        using var graceOver = new CancellationTokenSource(grace, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(graceOver.Token, outOfTime);
        using var force = either.Token.Register(() => Array.ForEach(all, process => context.Stops.Try(process.Kill)));
        await Task.WhenAll(all.Select(process => process.StopAsync(grace)).Concat(ending));
    }

    protected override AppState.Failed? Refusal(HostedApp app) =>
        _closed ? new AppState.Failed("The gateway is ending.") { Cause = FailureCause.Host }
        : !images.TryFind(app.Image, out _) ? new AppState.Failed(KnownImages.Unlisted(app.Image)) { Cause = FailureCause.Image }
        : context.History.Forbids(app.Hash);

    protected override AppProcess Hold(HostedApp app)
    {
        if (!_byHash.TryGetValue(app.Hash, out var process))
            _byHash[app.Hash] = process = new AppProcess(app, images.Find(app.Image), context, Follow);
        process.Holders.Add(app.Name);
        return process;
    }

    protected override ValueTask<string?> OutputOfAsync(AppProcess run, CancellationToken cancellation) => new(run.Output);

    // One that never served has no requests to finish.
    protected override void LetGo(AppProcess? run, string name) =>
        _ = LetGo(run, name, run?.State is AppState.Awake ? ReplaceGrace : TimeSpan.Zero);

    protected override Task End(VersionedApp<AppProcess> named, string name, TimeSpan grace)
    {
        named.Become(AppState.Asleep, Now);
        return Task.WhenAll(LetGo(named.Serving, name, grace), LetGo(named.Next, name, grace));
    }

    private Task LetGo(AppProcess? process, string name, TimeSpan grace)
    {
        if (process is null || !process.Holders.Remove(name) || process.Holders.Count > 0 || process.State is AppState.Failed)
            return Task.CompletedTask;
        Unlist(process);
        return _ending[process] = Task.Run(() => context.Stops.TryAsync(() => EndAsync(process, name, grace)));
    }

    private bool Unlist(AppProcess process) =>
        _byHash.TryGetValue(process.App.Hash, out var current) && current == process && _byHash.Remove(process.App.Hash);

    private async Task EndAsync(AppProcess process, string name, TimeSpan grace)
    {
        // The new state was written first, the open requests are read now; a visit does it the other way round, so one sees the other.
        Interlocked.MemoryBarrier();
        var quietWait = grace / 2 < LongestQuietWait ? grace / 2 : LongestQuietWait;
        using var enough = new CancellationTokenSource(quietWait, context.Time);
        await activity.WhenQuietAsync(name, enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await process.StopAsync(grace - (enough.IsCancellationRequested ? quietWait : TimeSpan.Zero));
        }
        finally
        {
            lock (context.Lock) _ending.Remove(process);
        }
    }

    private void Follow(AppProcess process)
    {
        lock (context.Lock)
        {
            if (process.State is AppState.Failed && Unlist(process)) _metrics.Failed();
        }
        Update(process);
    }
}
