namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>One name that is not asleep: which hash serves it, and which one is about to. Changed under the runner's lock, read without.</summary>
internal sealed class NamedPods(HostedApp app)
{
    private TaskCompletionSource<AppState> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AppStatus _status = new(app, AppState.Asleep, default, null);
    private (HostedApp App, Workload Pods)? _next;
    private AppState? _seen;

    public AppStatus Status => _status;

    /// <summary>What answers visits; null after a failed start.</summary>
    public Workload? Serving { get; private set; }

    /// <summary>What shall answer them as soon as it can.</summary>
    public Workload? Next => _next?.Pods;

    /// <summary>The hash that was asked for last.</summary>
    public string NewestHash => _next?.App.Hash ?? _status.App.Hash;

    public AwakeName Awake => new(Serving!.Hash, Next?.Hash);

    /// <summary>Completes when the app is awake or has failed.</summary>
    public Task<AppState> Settled => Volatile.Read(ref _settled).Task;

    /// <summary>Starts over with a version.</summary>
    public void Serve(HostedApp version, Workload pods, DateTimeOffset now)
    {
        Serving = pods;
        _next = null;
        _status = new AppStatus(version, AppState.Asleep, now, _status.LastError);
        Become(StateOf(pods), now);
    }

    /// <summary>Has a newer version take over once it is awake (none: what serves is the newest again); returns the one that was about to before.</summary>
    public Workload? Prepare(HostedApp version, Workload? pods)
    {
        var given = _next?.Pods;
        _next = pods is null ? null : (version, pods);
        return given;
    }

    /// <summary>Its start failed: it needs nothing any more.</summary>
    public void GiveUp()
    {
        Serving = null;
        _next = null;
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
    /// Takes over what its pods became: a newer version that is awake serves from now on, one that failed is given up and the
    /// old one stays. Returns the hash it lets go, if any.
    /// </summary>
    public Workload? Follow(DateTimeOffset now)
    {
        Workload? released = null;
        if (_next is { } next && (next.Pods.State is AppState.Awake || Serving is null or { State: AppState.Failed }))
        {
            (released, Serving, _next) = (Serving, next.Pods, null);
            _status = _status with { App = next.App };
        }
        else if (_next is { Pods.State: AppState.Failed failed } given)
        {
            (released, _next) = (given.Pods, null);
            Refuse(failed.Reason);
        }
        if (Serving is { } serving && !IsSame(serving.State, released is not null)) Become(StateOf(serving), now);
        return released;
    }

    private bool IsSame(AppState state, bool moved) => state switch
    {
        // Each time it is awake is a state of its own, at the same address: who looked before must see that it has moved.
        AppState.Awake => _status.State is AppState.Awake && !moved && ReferenceEquals(state, _seen),
        AppState.Failed => state == _status.State,
        _ => _status.State is AppState.WakingState,
    };

    /// <summary>Asleep is what the pods still are while they are being woken.</summary>
    private AppState StateOf(Workload pods)
    {
        _seen = pods.State;
        return pods.State switch
        {
            AppState.Awake awake => new AppState.Awake(awake.Address),
            AppState.Failed failed => failed,
            _ => AppState.Waking,
        };
    }
}
