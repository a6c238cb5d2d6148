namespace Codius.Web.Apps.Running;

/// <summary>
/// One name that is not asleep: the run that serves it, and the newer version that takes over next. Changed under the runner's
/// lock, read without it.
/// </summary>
internal sealed class VersionedApp<TRun>(HostedApp app) where TRun : class, IVersionRun
{
    private TaskCompletionSource<AppState> _readyOrFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AppStatus _status = new(app, AppState.Asleep, default, null);
    private (HostedApp App, TRun Run)? _next;
    private AppState? _seen;

    public AppStatus Status => _status;

    /// <summary>The run that answers visits; null before the first start and after a failed one.</summary>
    public TRun? Serving { get; private set; }

    /// <summary>The run of the newer version that takes over as soon as it is awake; null for none.</summary>
    public TRun? Next => _next?.Run;

    public (TRun? Serving, TRun? Next) Runs => (Serving, Next);

    /// <summary>The hash that was requested last.</summary>
    public string NewestHash => _next?.App.Hash ?? _status.App.Hash;

    /// <summary>Completes when the app is awake or has failed.</summary>
    public Task<AppState> ReadyOrFailed => Volatile.Read(ref _readyOrFailed).Task;

    /// <summary>Starts over with a version.</summary>
    public void Serve(HostedApp version, TRun run, DateTimeOffset now)
    {
        Serving = run;
        _next = null;
        _status = _status with { App = version, State = AppState.Asleep, Since = now };
        Become(StateOf(run), now);
    }

    /// <summary>
    /// Sets the newer version that takes over once it is awake (null: the serving one is the newest again); returns the run that was
    /// to take over before.
    /// </summary>
    public TRun? Prepare(HostedApp version, TRun? run)
    {
        var replaced = Next;
        _next = run is null ? null : (version, run);
        return replaced;
    }

    /// <summary>Its start failed, or it was put to sleep: it no longer needs a run.</summary>
    public void Release() => (Serving, _next) = (null, null);

    /// <summary>A newer version cannot run; the old one stays.</summary>
    public void Refuse(AppState.Failed failure) => _status = _status with
    {
        LastError = "The new version did not start, the old one stays: " + failure.Reason,
        LastOutput = failure.Output,
    };

    /// <summary>A version must not be started now, and no older one runs.</summary>
    public void Forbid(HostedApp version, AppState.Failed refusal, DateTimeOffset now)
    {
        _status = _status with { App = version };
        Become(refusal with { Refused = true }, now);
    }

    public void Become(AppState state, DateTimeOffset now)
    {
        // A task that is completed already belongs to an earlier wake.
        if (_readyOrFailed.Task.IsCompleted) Volatile.Write(ref _readyOrFailed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        // A start that takes long says what it waits for, and is the same start.
        var since = state is AppState.WakingState && _status.State is AppState.WakingState ? _status.Since : now;
        _status = _status with { State = state, Since = since };
        if (state is AppState.Failed failed) _status = _status with { LastError = failed.Reason, LastOutput = failed.Output };
        if (state is AppState.AsleepState) _readyOrFailed.TrySetResult(AppState.Failed.PutToSleep);
        else if (state is not AppState.WakingState) _readyOrFailed.TrySetResult(state);
    }

    /// <summary>
    /// Recomputes the state from its runs: a newer version that is awake serves from now on, one that failed is dropped and the
    /// old one stays. Returns the run that is no longer needed, if any.
    /// </summary>
    public TRun? Update(DateTimeOffset now)
    {
        TRun? released = null;
        if (_next is { } next && (next.Run.State is AppState.Awake || Serving is null or { State: AppState.Failed }))
        {
            (released, Serving, _next) = (Serving, next.Run, null);
            _status = _status with { App = next.App };
        }
        else if (_next is { Run.State: AppState.Failed failed } dropped)
        {
            (released, _next) = (dropped.Run, null);
            Refuse(failed);
        }
        if (Serving is { } serving && !ReferenceEquals(serving.State, _seen)) Become(StateOf(serving), now);
        return released;
    }

    /// <summary>
    /// Each wake of a name has a state object of its own, also at the same address: a caller with an earlier one sees that it is over.
    /// </summary>
    private AppState StateOf(TRun run)
    {
        _seen = run.State;
        return _seen is AppState.Awake awake ? new AppState.Awake(awake.Address) : _seen;
    }
}
