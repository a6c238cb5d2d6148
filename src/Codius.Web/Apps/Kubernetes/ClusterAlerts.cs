using System.Diagnostics.Metrics;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>Whether the cluster can be watched and which gateway leads, as gauges, and an alert while the cluster is unreachable.</summary>
internal sealed class ClusterAlerts(ClusterView cluster, WebhookCertificateRotation certificates, ILeadership leadership)
    : IAlertSource, IGauges
{
    public static AlertRule Unreachable { get; } = new("cluster-unreachable", TimeSpan.FromMinutes(1),
        "Look at the API server, and at the gateway's account and network policy. Apps that are awake are served on; none can be woken.");

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.cluster.up", () => Lost() is null ? 1 : 0, null, "1 while the gateway sees changes in the cluster, else 0.");
        meter.CreateObservableGauge(
            "codius.cluster.leads", () => leadership.IsLeader ? 1 : 0, null, "1 at the gateway that leads, 0 at the others.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        if (Lost() is { } watch)
            yield return new AlertCondition(Unreachable, AlertSeverity.Critical, "",
                $"The gateway sees no changes of {watch.Kind} in the cluster: {watch.Trouble}");
    }

    private IWatch? Lost() => cluster.All.Concat(certificates.Watches).FirstOrDefault(watch => watch.Trouble is not null);
}
