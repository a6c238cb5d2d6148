using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Running;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The Deployment and pods of one hash, as the cluster shows them. Changed under the runner's lock.
/// <code>
///   Asleep ──replicas 1──► Waking ──available and connects──► Awake ──not available──► Waking
///                             └──cannot start, or not in time──► Failed (reported once; its pods are ignored)
/// </code>
/// </summary>
internal sealed class Workload(string hash, ClusterView cluster, WorkloadContext context, Action<Workload> changed)
    : IVersionRun, IDisposable
{
    private readonly HashSet<string> _failedPods = new(StringComparer.Ordinal);
    private CancellationTokenSource? _start;
    private bool _connecting;
    private bool _wasAwake;

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
            // A name needs it: it is being scaled up.
            EndStart(Holders.Count > 0 ? AppState.Waking : AppState.Asleep);
            return;
        }
        var live = pods.Where(pod => pod.Metadata.DeletionTimestamp is null && !_failedPods.Contains(pod.Metadata.Uid)).ToList();
        if (IsAvailable(deployment!, live) && Address() is { } address)
        {
            if (State is not AppState.Awake) Connect(address);
            return;
        }
        // The failure was reported; it ends when a name needs the workload again.
        if (State is AppState.Failed) return;
        BeginStart();
        if (StartReport.FailureOf(deployment!, live, _wasAwake) is { } failure) Fail(failure, pods);
        else State = AppState.Waking;
    }

    /// <summary>
    /// It does not accept connections: a pod ends, or a node's proxy still routes to one that did, before the cluster reports it. It is
    /// awake again once it does.
    /// </summary>
    public void Recheck()
    {
        if (State is AppState.Awake) State = AppState.Waking;
        Refresh();
    }

    public void Dispose() => EndStart(AppState.Asleep);

    /// <summary>A name needs it, perhaps again after it failed.</summary>
    public void Retry()
    {
        if (State is AppState.Failed) EndStart(AppState.Waking);
        Refresh();
    }

    private void Fail(AppState.Failed failure, IEnumerable<V1Pod> pods)
    {
        var ran = StartedContainers.In(pods.Where(pod => !_failedPods.Contains(pod.Metadata.Uid)));
        foreach (var pod in pods) _failedPods.Add(pod.Metadata.Uid);
        EndStart(context.History.Failed(Hash, failure with { Ran = ran }));
    }

    private void EndStart(AppState state)
    {
        State = state;
        _wasAwake = _connecting = false;
        _start?.Cancel();
        _start?.Dispose();
        _start = null;
    }

    /// <summary>Starts the clock of its start, unless it runs already.</summary>
    private CancellationToken BeginStart()
    {
        if (State is AppState.Awake or AppState.AsleepState) State = AppState.Waking;
        if (_start is { } started) return started.Token;
        _start = new CancellationTokenSource();
        _ = context.Start().RunAsync(GiveUpAsync, _start.Token);
        return _start.Token;
    }

    private void Connect(Uri address)
    {
        State = AppState.Waking;
        var token = BeginStart();
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
            EndStart(new AppState.Awake(address));
            _wasAwake = true;
            Refresh();
        }
        changed(this);
    }

    private async Task GiveUpAsync(CancellationToken cancellation)
    {
        await Task.Delay(context.StartTimeout, context.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested) return;
        var pods = cluster.PodsOf(Hash).Where(pod => pod.Metadata.DeletionTimestamp is null).ToList();
        var lines = await context.LastLinesAsync(pods.FirstOrDefault(), cancellation);
        lock (context.Lock)
        {
            if (cancellation.IsCancellationRequested) return;
            Fail(StartReport.WaitedFor(pods, context.StartTimeout) with { Output = lines.Length == 0 ? null : lines }, pods);
        }
        changed(this);
    }

    // A change of the Deployment does not matter to a pod that is ready already; before that, its status may be that of earlier pods.
    private bool IsAvailable(V1Deployment deployment, List<V1Pod> live) =>
        deployment.Status is { AvailableReplicas: >= 1 } status
            && (State is AppState.Awake || status.ObservedGeneration >= deployment.Metadata.Generation)
        && live.Any(pod => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);

    private Uri? Address() => cluster.Services.TryFind(AppAnnotations.ServiceOf(Hash), out var service)
        && System.Net.IPAddress.TryParse(service.Spec.ClusterIP, out var ip)
        ? new UriBuilder(Uri.UriSchemeHttp, ip.ToString(), 80).Uri : null;
}
