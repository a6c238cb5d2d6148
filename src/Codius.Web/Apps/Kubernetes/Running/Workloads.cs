using Codius.Web.Apps.Kubernetes.Watching;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>The pods of each hash that names need or that are still there. Changed under the runner's lock.</summary>
internal sealed class Workloads(ClusterView cluster, Scaler scaler, StartTools tools, AwakeWrites writes) : IDisposable
{
    private readonly Dictionary<string, Workload> _byHash = new(StringComparer.Ordinal);
    private readonly HashSet<string> _raising = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>What runs for a hash is another than before; raised outside the lock.</summary>
    public event Action<Workload>? Changed;

    /// <summary>True while a name needs this hash.</summary>
    public bool Needs(string hash)
    {
        lock (tools.Lock) return _byHash.TryGetValue(hash, out var pods) && pods.Holders.Count > 0;
    }

    /// <summary>Pods of this hash that failed and stand in the way of a new try.</summary>
    public IReadOnlyCollection<string> SpentPodsOf(string hash)
    {
        lock (tools.Lock) return _byHash.TryGetValue(hash, out var pods) && pods.Holders.Count > 0 ? [.. pods.Spent] : [];
    }

    /// <summary>A name needs a hash from now on.</summary>
    public Workload Hold(string hash, string name)
    {
        if (!_byHash.TryGetValue(hash, out var pods)) _byHash[hash] = pods = new Workload(hash, cluster, tools, changed => Changed?.Invoke(changed));
        pods.Holders.Add(name);
        pods.TryAgain();
        Raise(pods);
        return pods;
    }

    /// <summary>A name needs it no more; none: nothing to let go.</summary>
    public void LetGo(Workload? pods, string name)
    {
        if (pods is null) return;
        pods.Holders.Remove(name);
        Tidy(pods);
    }

    /// <summary>Takes in what the cluster shows now of the objects of this name; takes the lock itself.</summary>
    public void Follow(string service)
    {
        Workload? pods;
        lock (tools.Lock)
        {
            if (AppAnnotations.HashOf(service) is not { } hash || !_byHash.TryGetValue(hash, out pods)) return;
            pods.Look();
            Raise(pods);
            Tidy(pods);
        }
        Changed?.Invoke(pods);
    }

    /// <summary>Scales nothing any more: the gateway ends.</summary>
    public Task StopAsync() => _end.CancelAsync();

    public void Dispose() => _end.Dispose();

    private void Tidy(Workload pods)
    {
        if (pods.Holders.Count == 0 && pods.IsDown && !cluster.PodsOf(pods.Hash).Any() && _byHash.Remove(pods.Hash)) pods.Dispose();
    }

    /// <summary>Has a hash scaled up, if it is not; tried again until it is or nobody needs it.</summary>
    private void Raise(Workload pods)
    {
        if (!pods.IsDown || pods.Holders.Count == 0 || !_raising.Add(pods.Hash)) return;
        var written = Task.WhenAll(pods.Holders.Select(writes.WrittenAsync));
        _ = Task.Run(async () =>
        {
            // What is awake is written down first: else the leader could take it for something nobody needs.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await scaler.UpAsync(pods.Hash, () => pods.Holders.Count > 0 && pods.IsDown, _end.Token);
            lock (tools.Lock) _raising.Remove(pods.Hash);
        });
    }
}
