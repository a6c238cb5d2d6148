using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The workload of each hash that names need or that still has pods, kept up to date with the cluster. Changed under the runner's
/// lock.
/// </summary>
internal sealed class Workloads(ClusterView cluster, Scaler scaler, WorkloadContext context, AwakeWrites writes)
    : IHostedService, IDisposable
{
    private readonly Dictionary<string, Workload> _byHash = new(StringComparer.Ordinal);
    private readonly HashSet<string> _scalingUp = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>A workload changed; raised outside the lock.</summary>
    public event Action<Workload>? Changed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed += Follow;
        cluster.Services.Changed += Follow;
        cluster.Pods.Changed += FollowPod;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed -= Follow;
        cluster.Services.Changed -= Follow;
        cluster.Pods.Changed -= FollowPod;
        return _end.CancelAsync();
    }

    /// <summary>True while a name needs this hash.</summary>
    public bool Needs(string hash)
    {
        lock (context.Lock) return _byHash.TryGetValue(hash, out var workload) && workload.Holders.Count > 0;
    }

    /// <summary>The failed pods that block a new try, by their uids, of each hash that has some and that a name needs.</summary>
    public IReadOnlyList<(string Hash, IReadOnlyCollection<string> Pods)> FailedPods()
    {
        lock (context.Lock)
        {
            return [.. _byHash.Values.Where(workload => workload.Holders.Count > 0 && workload.FailedPods.Count > 0)
                .Select(workload => (workload.Hash, (IReadOnlyCollection<string>)[.. workload.FailedPods]))];
        }
    }

    /// <summary>A name needs a hash from now on.</summary>
    public Workload Hold(string hash, string name)
    {
        if (!_byHash.TryGetValue(hash, out var workload))
            _byHash[hash] = workload = new Workload(hash, cluster, context, changed => context.Changes.Raise(Changed, changed));
        workload.Holders.Add(name);
        workload.Retry();
        ScaleUp(workload);
        return workload;
    }

    /// <summary>A name no longer needs it; null: there is none.</summary>
    public void LetGo(Workload? workload, string name)
    {
        if (workload is null) return;
        workload.Holders.Remove(name);
        Tidy(workload);
    }

    public void Dispose() => _end.Dispose();

    private void Follow<T>(T? before, T? now) where T : class, IKubernetesObject<V1ObjectMeta> => Follow((now ?? before)!.Metadata.Name);

    private void FollowPod(V1Pod? before, V1Pod? now)
    {
        if (AppObjects.ServiceLabelOf((now ?? before)!.Metadata) is { } service) Follow(service);
    }

    private void Follow(string service)
    {
        Workload? workload;
        lock (context.Lock)
        {
            if (AppAnnotations.HashOf(service) is not { } hash || !_byHash.TryGetValue(hash, out workload)) return;
            workload.Refresh();
            ScaleUp(workload);
            Tidy(workload);
        }
        context.Changes.Raise(Changed, workload);
    }

    private void Tidy(Workload workload)
    {
        if (workload.Holders.Count == 0 && workload.IsDown && !cluster.PodsOf(workload.Hash).Any() && _byHash.Remove(workload.Hash))
            workload.Dispose();
    }

    /// <summary>Scales a hash up, unless it is; tried again until it is or no name needs it.</summary>
    private void ScaleUp(Workload workload)
    {
        if (!workload.IsDown || workload.Holders.Count == 0 || !_scalingUp.Add(workload.Hash)) return;
        var written = Task.WhenAll(workload.Holders.Select(writes.WrittenAsync));
        _ = context.Start().RunAsync(async end =>
        {
            // The awake names are written first: else the leader could scale it down as one that no name needs.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            await scaler.UpAsync(workload.Hash, () => workload.Holders.Count > 0 && workload.IsDown, end);
            lock (context.Lock) _scalingUp.Remove(workload.Hash);
        }, _end.Token);
    }
}
