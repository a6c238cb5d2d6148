using System.Collections.Concurrent;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Running;

/// <summary>
/// The part of a runner that does not depend on the engine: names hold runs, one per hash; a newer version takes over once it is
/// awake. One lock guards which name holds which run; a visit only reads.
/// </summary>
internal abstract class VersionedRunner<TRun>(
    Lock gate, SupervisedWork changes, int maxPerOwner, IActivityView activity, TimeProvider time, AppMetrics metrics, ILogger log)
    : IAppRunner
    where TRun : class, IVersionRun
{
    /// <summary>How long an app without open requests may take to end when another of its owner takes its place.</summary>
    private static readonly TimeSpan DisplacedGrace = TimeSpan.FromSeconds(30);

    public event Action<string>? StateChanged;

    public IReadOnlyCollection<AppStatus> Statuses =>
        [.. Names.Values.Select(named => named.Status).Where(status => status.State is not AppState.AsleepState)];

    public AppStatus? StatusOf(string name) =>
        Names.TryGetValue(name, out var named) && named.Status is { State: not AppState.AsleepState } status ? status : null;

    protected ConcurrentDictionary<string, VersionedApp<TRun>> Names { get; } = new(StringComparer.Ordinal);

    protected DateTimeOffset Now => time.GetUtcNow();

    public AppState StateOf(HostedApp app)
    {
        if (!Names.TryGetValue(app.Name, out var named)) return AppState.Asleep;
        var status = named.Status;
        return status.State is AppState.Failed && status.App.Hash != app.Hash ? AppState.Asleep : status.State;
    }

    public AppState Wake(HostedApp app)
    {
        VersionedApp<TRun> named;
        AppState before;
        List<string> displaced = [];
        lock (gate)
        {
            named = Names.GetOrAdd(app.Name, static (_, made) => new VersionedApp<TRun>(made), app);
            before = named.Status.State;
            if (before is AppState.AsleepState or AppState.Failed) Start(named, app, displaced);
            else if (named.NewestHash != app.Hash) Replace(named, app);
        }
        foreach (var name in displaced) Notify(name);
        // A start that fails at once is a new one, also if it fails as the last did: what it paid waits for a report of its own.
        if (named.Status.State is var now && (now is AppState.Failed { Refused: false } ? !ReferenceEquals(now, before) : now != before))
            Notify(app.Name);
        return named.Status.State;
    }

    public Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation) =>
        Names.TryGetValue(app.Name, out var named)
            ? named.ReadyOrFailed.WaitAsync(cancellation)
            : Task.FromResult<AppState>(AppState.Failed.PutToSleep);

    public async Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation)
    {
        Task gone;
        lock (gate)
        {
            if (!Names.TryRemove(app.Name, out var named)) return;
            gone = PutToSleep(named, app, grace);
        }
        Notify(app.Name);
        await gone.WaitAsync(cancellation);
    }

    public ValueTask<string?> ReadOutputAsync(HostedApp app, CancellationToken cancellation) =>
        Names.TryGetValue(app.Name, out var named) && (named.Serving ?? named.Next) is { } run ? OutputOfAsync(run, cancellation) : default;

    public abstract void ReportUnreachable(HostedApp app, AppState.Awake state);

    /// <summary>Why an app must not be started now; null if it may.</summary>
    protected abstract AppState.Failed? Refusal(HostedApp app);

    /// <summary>The run of a version, started if necessary; the name needs it from now on.</summary>
    protected abstract TRun Hold(HostedApp app);

    /// <summary>The last lines of a run's output; null if there are none, or they cannot be read.</summary>
    protected abstract ValueTask<string?> OutputOfAsync(TRun run, CancellationToken cancellation);

    /// <summary>The name no longer needs a run (null: it has none); the last name to release it ends it.</summary>
    protected abstract void LetGo(TRun? run, string name);

    /// <summary>The name is asleep and releases its runs; the task completes once they have ended, unless other names need them.</summary>
    protected abstract Task End(VersionedApp<TRun> named, string name, TimeSpan grace);

    /// <summary>A name begins to wake with this version; its run is not held yet.</summary>
    protected virtual void Woken(HostedApp app)
    {
    }

    /// <summary>A name was put to sleep here.</summary>
    protected virtual void Slept(HostedApp app)
    {
    }

    /// <summary>The start of a name failed.</summary>
    protected virtual void Failed(string name, AppState.Failed state)
    {
    }

    /// <summary>A name needs other runs than before; no serving one after a failed start.</summary>
    protected virtual void RunsChanged(string name, (TRun? Serving, TRun? Next) before, (TRun? Serving, TRun? Next) now)
    {
    }

    /// <summary>A name starts over with a version. A run that has failed already is let go at once: no later event would do it.</summary>
    protected void Serve(VersionedApp<TRun> named, HostedApp app, TRun run)
    {
        named.Serve(app, run, Now);
        Update(named, app.Name);
    }

    /// <summary>A run changed: recomputes the names it serves or is to serve next.</summary>
    protected void Update(TRun run)
    {
        List<string> changed = [];
        lock (gate)
        {
            foreach (var name in run.Holders.ToArray())
            {
                if (Names.TryGetValue(name, out var named) && Update(named, name)) changed.Add(name);
            }
        }
        foreach (var name in changed) Notify(name);
    }

    protected void Notify(string name) => changes.Raise(StateChanged, name);

    private Task PutToSleep(VersionedApp<TRun> named, HostedApp app, TimeSpan grace)
    {
        var gone = End(named, app.Name, grace);
        Slept(app);
        RunnerLog.Slept(log, app.Name);
        metrics.Slept();
        return gone;
    }

    private void Start(VersionedApp<TRun> named, HostedApp app, List<string> displaced)
    {
        if ((Refusal(app) ?? OwnerRefusal(app, displaced)) is { } refused)
        {
            named.Forbid(app, refused, Now);
            return;
        }
        RunnerLog.Waking(log, app.Name);
        metrics.Woken();
        Woken(app);
        Serve(named, app, Hold(app));
    }

    /// <summary>
    /// Why its owner may have no further app awake; null if it may. Names that other gateways woke count too. Of too many, those that are
    /// idle longest go to sleep: visitors of an owner's apps must not keep the others from waking.
    /// </summary>
    private AppState.Failed? OwnerRefusal(HostedApp app, List<string> displaced)
    {
        if (app.CountsWith is not { } owner) return null;
        var awake = Names.Values.Where(named =>
            named.Serving is not null && named.Status.App.CountsWith == owner && named.Status.App.Name != app.Name).ToList();
        var tooMany = awake.Count + 1 - maxPerOwner;
        if (tooMany <= 0) return null;
        var idle = awake.Where(IsIdle).OrderByDescending(IdleFor).Take(tooMany).ToList();
        if (idle.Count < tooMany) return AppState.Failed.OwnerHasEnough(maxPerOwner, Now);
        foreach (var named in idle)
        {
            var other = named.Status.App;
            Names.TryRemove(other.Name, out _);
            _ = PutToSleep(named, other, DisplacedGrace);
            displaced.Add(other.Name);
        }
        return null;
    }

    // A request that another gateway forwarded a moment ago may not be counted here yet: it ends within the grace.
    private bool IsIdle(VersionedApp<TRun> named) =>
        named.Status is { State: AppState.Awake } status && activity.Open(status.App.Name) == 0;

    private TimeSpan IdleFor(VersionedApp<TRun> named)
    {
        var awake = Now - named.Status.Since;
        return activity.IdleFor(named.Status.App.Name) is { } idle && idle < awake ? idle : awake;
    }

    /// <summary>The old version serves on until the new one is awake.</summary>
    private void Replace(VersionedApp<TRun> named, HostedApp app)
    {
        var before = named.Runs;
        if (named.Status.App.Hash == app.Hash) LetGo(named.Prepare(app, null), app.Name);
        else if (Refusal(app) is { } refused)
        {
            named.Refuse(refused);
            return;
        }
        else LetGo(named.Prepare(app, Hold(app)), app.Name);
        if (named.Runs != before) RunsChanged(app.Name, before, named.Runs);
        // Another name may have started it already.
        Update(named, app.Name);
    }

    /// <summary>Recomputes the app's state from its runs; true if it changed.</summary>
    private bool Update(VersionedApp<TRun> named, string name)
    {
        if (named.Serving is null) return false;
        var (status, before) = (named.Status, named.Runs);
        LetGo(named.Update(Now), name);
        if (named.Status.State is AppState.Failed failed)
        {
            Failed(name, failed);
            LetGo(named.Serving, name);
            named.Release();
        }
        if (named.Runs != before) RunsChanged(name, before, named.Runs);
        return named.Status != status;
    }
}
