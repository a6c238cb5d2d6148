using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Health;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>Whether the cluster is seen as it is, and who leads. Trouble here keeps no visit from an awake app.</summary>
internal sealed class ClusterHealth(
    ClusterView cluster, Leadership leadership, KubernetesCatalog catalog, AwakeRegistry awake, Reconciler reconciler, TimeProvider time) : IHealthPart
{
    private readonly Lock _lock = new();
    private HealthState _state = HealthState.Good;
    private DateTimeOffset _since = time.GetUtcNow();

    public string Name => "cluster";

    public ValueTask<PartHealth> CheckAsync(CancellationToken cancellation)
    {
        var lost = cluster.All.Where(watch => watch.Trouble is not null).ToList();
        var state = lost.Count > 0 || awake.Trouble is not null || reconciler.Failing > 0 ? HealthState.Degraded : HealthState.Good;
        lock (_lock)
        {
            if (state != _state) _since = time.GetUtcNow();
            _state = state;
        }
        var summary = lost.Count > 0 ? $"The watch over {string.Join(", ", lost.Select(watch => watch.Kind))} is lost: what is awake goes on, nothing new is seen."
            : awake.Trouble is not null ? "What is awake is not shared with other gateways."
            : reconciler.Failing > 0 ? $"{reconciler.Failing} objects could not be brought up to date and are tried again."
            : leadership.IsLeader ? "Up to date; this gateway leads." : "Up to date; another gateway leads.";
        var details = new Dictionary<string, object?>
        {
            ["leader"] = leadership.Leader,
            ["leads"] = leadership.IsLeader,
            ["leadsSince"] = leadership.Since,
            ["notHosted"] = catalog.Faulty,
        };
        foreach (var watch in cluster.All) details[watch.Kind] = watch.Count;
        return ValueTask.FromResult(new PartHealth(state, _since, summary,
            cluster.All.Select(watch => watch.LastTrouble).FirstOrDefault(trouble => trouble is not null) ?? awake.Trouble ?? reconciler.LastTrouble, Details: details));
    }
}
