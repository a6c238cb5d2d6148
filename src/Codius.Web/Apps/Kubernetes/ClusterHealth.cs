using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>
/// Reports whether the view of the cluster is up to date, and which gateway leads. Visits to awake apps do not depend on it.
/// </summary>
internal sealed class ClusterHealth(
    ClusterView cluster, Leadership leadership, KubernetesCatalog catalog, AwakeRegistry awake, Reconciler reconciler,
    WebhookCertificateRotation certificates, TimeProvider time) : IHealthCheck
{
    private readonly Lock _lock = new();
    private HealthStatus _state = HealthStatus.Healthy;
    private DateTimeOffset _since = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<IWatch> watches = [.. cluster.All, .. certificates.Watches];
        var lost = watches.Where(watch => watch.Trouble is not null).ToList();
        var state = lost.Count > 0 || awake.Trouble is not null || reconciler.Failing > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
        lock (_lock)
        {
            if (state != _state) _since = time.GetUtcNow();
            _state = state;
        }
        var summary = lost.Count > 0
            ? $"The watch over {string.Join(", ", lost.Select(watch => watch.Kind))} is lost: what is awake goes on, nothing new is seen."
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
        foreach (var watch in watches) details[watch.Kind] = watch.Count;
        return Task.FromResult(HealthResults.Of(state, _since, summary,
            watches.Select(watch => watch.LastTrouble).FirstOrDefault(trouble => trouble is not null)
                ?? awake.Trouble ?? reconciler.LastTrouble,
            details));
    }
}
