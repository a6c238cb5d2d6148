namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// One name that is not asleep: which process serves it, and which one is about to. Changed under the runner's lock, read without.
/// </summary>
internal sealed class NamedProcess(HostedApp app)
{
    private TaskCompletionSource<AppState> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AppStatus _status = new(app, AppState.Asleep, default, null);
    private (HostedApp App, AppProcess Process)? _next;

    public AppStatus Status => _status;

    /// <summary>The hash that was asked for last: what serves, or is about to.</summary>
    public string NewestHash => _next?.App.Hash ?? _status.App.Hash;

    /// <summary>What answers visits; null before the first start and after a failed one.</summary>
    public AppProcess? Serving { get; private set; }

    /// <summary>All it holds.</summary>
    public IEnumerable<AppProcess> Held => new[] { Serving, _next?.Process }.OfType<AppProcess>();

    /// <summary>Completes when the app is awake or has failed.</summary>
    public Task<AppState> Settled => Volatile.Read(ref _settled).Task;

    /// <summary>Starts over with a version.</summary>
    public void Serve(HostedApp version, AppProcess process, DateTimeOffset now)
    {
        Serving = process;
        _status = new AppStatus(version, AppState.Asleep, now, _status.LastError);
        Become(process.State, now);
    }

    /// <summary>Has a newer version take over once it is awake (none: what serves is the newest again); returns the one that was about to before.</summary>
    public AppProcess? Prepare(HostedApp version, AppProcess? process)
    {
        var given = _next?.Process;
        _next = process is null ? null : (version, process);
        return given;
    }

    /// <summary>A newer version cannot be run; the old one stays.</summary>
    public void Refuse(string reason) => _status = _status with { LastError = "The new version did not start, the old one stays: " + reason };

    public void Become(AppState state, DateTimeOffset now)
    {
        // What was told before belongs to an earlier wake.
        if (_settled.Task.IsCompleted) Volatile.Write(ref _settled, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _status = _status with { State = state, Since = now, LastError = (state as AppState.Failed)?.Reason ?? _status.LastError };
        if (state is AppState.AsleepState) _settled.TrySetResult(new AppState.Failed("The app was put to sleep before it was awake."));
        else if (state is not AppState.WakingState) _settled.TrySetResult(state);
    }

    /// <summary>
    /// Takes over what its processes became: a newer version that is awake serves from now on, one that failed is given up and
    /// the old one stays. Returns the process it lets go, if any.
    /// </summary>
    public AppProcess? Follow(DateTimeOffset now)
    {
        AppProcess? released = null;
        if (_next is { } next && (next.Process.State is AppState.Awake || Serving is not { State: not AppState.Failed }))
        {
            (released, Serving, _next) = (Serving, next.Process, null);
            _status = _status with { App = next.App };
        }
        else if (_next is { Process.State: AppState.Failed failed } given)
        {
            (released, _next) = (given.Process, null);
            Refuse(failed.Reason);
        }
        if (Serving is { } serving && serving.State != _status.State) Become(serving.State, now);
        return released;
    }
}
