using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Running;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The Deployment and pods of one hash, as the cluster shows them. Changed under the runner's lock.
/// <code>
///   Asleep ──needed──────► Waking ──available and connects──► Awake ──not available──► Waking
///                             └──cannot start, or not in time──► Failed (reported once; its pods are ignored)
/// </code>
/// </summary>
internal sealed class Workload(string hash, ClusterView cluster, WorkloadContext context, Action<Workload> changed)
    : IVersionRun, IDisposable
{
    /// <summary>A start that takes longer says what it is waiting for.</summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _failedPods = new(StringComparer.Ordinal);
    private readonly PodRefusal _refusal = new();
    private readonly StartPods _pods = new();
    private CancellationTokenSource? _start;
    private bool _connecting;
    private bool _isSlow;
    private bool _wasAwake;
    private long _awakeSince;

    public string Hash { get; } = hash;

    public AppState State { get; private set; } = AppState.Asleep;

    /// <summary>The names that need it.</summary>
    public HashSet<string> Holders { get; } = new(StringComparer.Ordinal);

    /// <summary>The uids of pods that failed and still exist; a new try needs new ones.</summary>
    public IReadOnlyCollection<string> FailedPods => _failedPods;

    /// <summary>True while it is scaled to zero, or does not exist.</summary>
    public bool IsDown { get; private set; } = true;

    /// <summary>Completes when no pod is left, or a name needs it again.</summary>
    public TaskCompletionSource? Gone { get; set; }

    /// <summary>Recomputes the state from what the cluster shows now.</summary>
    public void Refresh()
    {
        cluster.Deployments.TryFind(AppAnnotations.ServiceOf(Hash), out var deployment);
        var pods = cluster.PodsOf(Hash).ToList();
        _failedPods.IntersectWith(pods.Select(pod => pod.Metadata.Uid));
        IsDown = deployment is null || deployment.Spec.Replicas is null or 0;
        if (Holders.Count > 0 || pods.Count == 0) Gone?.TrySetResult();
        if (IsDown)
        {
            if (Holders.Count == 0) EndStart(AppState.Asleep);
            else if (State is not AppState.Failed) WaitToBeUp(deployment);
            return;
        }
        var live = LivePods();
        if (IsAvailable(deployment!, live) && Address() is { } address)
        {
            if (State is not AppState.Awake) Connect(address, deployment!);
            return;
        }
        // The failure was reported; it ends when a name needs the workload again.
        if (State is AppState.Failed) return;
        BeginStart(deployment!);
        Wait();
        if (FailureOf(deployment!, live) is { } failure) Fail(failure);
    }

    /// <summary>
    /// It does not accept connections: a pod ends, or a node's proxy still routes to one that did, before the cluster reports it. It is
    /// awake again once it does.
    /// </summary>
    public void Recheck()
    {
        if (State is AppState.Awake) Become(AppState.Waking);
        Refresh();
    }

    public void Dispose() => EndStart(AppState.Asleep);

    /// <summary>A name needs it, perhaps again after it failed.</summary>
    public void Retry()
    {
        if (State is AppState.Failed) EndStart(AppState.Waking);
        Refresh();
    }

    /// <summary>
    /// A name needs it: it is being scaled up. That may never succeed, without its Deployment or the API server, so its time runs too.
    /// </summary>
    private void WaitToBeUp(V1Deployment? deployment)
    {
        if (State is AppState.Awake) EndStart(AppState.Waking);
        BeginStart(deployment);
        Wait();
    }

    private void Fail(AppState.Failed failure)
    {
        _pods.See(cluster.AllPodsOf(Hash));
        var ran = _pods.HaveRun || StartedContainers.In(LivePods());
        foreach (var pod in cluster.PodsOf(Hash)) _failedPods.Add(pod.Metadata.Uid);
        EndStart(context.History.Failed(Hash, failure with { Ran = ran }));
    }

    private void EndStart(AppState state)
    {
        Become(state);
        _wasAwake = _connecting = _isSlow = false;
        _start?.Cancel();
        _start?.Dispose();
        _start = null;
    }

    /// <summary>Starts the clock of its start, unless it runs already.</summary>
    private CancellationToken BeginStart(V1Deployment? deployment)
    {
        var pods = cluster.AllPodsOf(Hash).ToList();
        if (_start is null)
        {
            _start = new CancellationTokenSource();
            _refusal.Begin(deployment);
            _pods.Begin(pods.Where(IsEarlier), _wasAwake);
            _ = context.Start().RunAsync(FollowStartAsync, _start.Token);
        }
        _pods.See(pods);
        return _start.Token;
    }

    /// <summary>True if a pod that exists when a start begins is not of that start.</summary>
    private bool IsEarlier(V1Pod pod) => IsDown || pod.Metadata.DeletionTimestamp is not null || ClusterView.HasEnded(pod)
        || _failedPods.Contains(pod.Metadata.Uid);

    private void Connect(Uri address, V1Deployment deployment)
    {
        var token = BeginStart(deployment);
        Wait();
        if (_connecting) return;
        _connecting = true;
        _ = context.Start().RunAsync(end => ConnectAsync(address, end), token);
    }

    private async Task ConnectAsync(Uri address, CancellationToken cancellation)
    {
        // The proxy of each node learns of the pod a moment after it is available, and a container that runs may not listen yet.
        await Reachable.WhenConnectsAsync(address, context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (context.Lock)
        {
            if (cancellation.IsCancellationRequested) return;
            _connecting = false;
            if (IsDown) return;
            EndStart(new AppState.Awake(address));
            _wasAwake = true;
            _awakeSince = context.Time.GetTimestamp();
            Refresh();
        }
        changed(this);
    }

    /// <summary>After a moment the state says what the start is waiting for; once its time is up, it has failed.</summary>
    private async Task FollowStartAsync(CancellationToken cancellation)
    {
        var slowAfter = SlowAfter < context.StartTimeout ? SlowAfter : context.StartTimeout;
        await Task.Delay(slowAfter, context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (context.Lock)
        {
            if (cancellation.IsCancellationRequested) return;
            _isSlow = true;
            Refresh();
        }
        changed(this);
        await Task.Delay(context.StartTimeout - slowAfter, context.Time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        V1Pod? pod;
        lock (context.Lock) pod = StartReport.Newest(LivePods());
        if (cancellation.IsCancellationRequested) return;
        var lines = await context.LastLinesAsync(pod, cancellation);
        lock (context.Lock)
        {
            if (cancellation.IsCancellationRequested) return;
            Fail(StartWait.TimedOut(WaitsFor(), context.StartTimeout) with { Output = lines });
        }
        changed(this);
    }

    private AppState.Failed? FailureOf(V1Deployment deployment, List<V1Pod> live)
    {
        if (StartReport.FailureOf(live, _wasAwake) is { } failure) return StartWait.UnlessItsOwn(failure, Ended());
        // With a pod that may still serve, a refused one is of no concern: a newer template's, for which there is no room beside it.
        return live.Count == 0 && _refusal.Of(deployment, hasStayed: _isSlow) is { } refusal
            ? StartWait.UnlessItsOwn(StartReport.Refused(refusal), Ended()) : null;
    }

    private IEnumerable<V1Pod> Ended() => _pods.OfThisWake(cluster.EndedPodsOf(Hash));

    private AppState.Failed WaitsFor() => StartWait.Of(
        LivePods(), Ended(),
        Service() is { Spec.Ports: [{ TargetPort.Value: var port }, ..] } ? port : "80");

    private void Wait() => Become(_isSlow ? new AppState.WakingState(WaitsFor().Reason) : AppState.Waking);

    /// <summary>The same object while the state is the same: a new one tells every name that it changed.</summary>
    private void Become(AppState state)
    {
        if (State is AppState.Awake && state is not AppState.Awake)
            context.History.Served(Hash, context.Time.GetElapsedTime(_awakeSince));
        if (State != state) State = state;
    }

    /// <summary>The pods that may serve, or serve already.</summary>
    private List<V1Pod> LivePods() =>
        [.. cluster.PodsOf(Hash).Where(pod => pod.Metadata.DeletionTimestamp is null && !_failedPods.Contains(pod.Metadata.Uid))];

    // A change of the Deployment does not matter to a pod that is ready already; before that, its status may be that of earlier pods.
    private bool IsAvailable(V1Deployment deployment, List<V1Pod> live) =>
        deployment.Status is { AvailableReplicas: >= 1 } status
            && (State is AppState.Awake || status.ObservedGeneration >= deployment.Metadata.Generation)
        && live.Any(pod => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);

    private V1Service? Service() => cluster.Services.TryFind(AppAnnotations.ServiceOf(Hash), out var service) ? service : null;

    private Uri? Address() => Service() is { } service && System.Net.IPAddress.TryParse(service.Spec.ClusterIP, out var ip)
        ? new UriBuilder(Uri.UriSchemeHttp, ip.ToString(), 80).Uri : null;
}
