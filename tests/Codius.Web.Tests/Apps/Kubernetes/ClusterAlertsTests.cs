using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Kubernetes.Webhooks;
using Codius.Web.Hosting.Alerting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>A cluster that cannot be watched is an alert until it can be.</summary>
public sealed class ClusterAlertsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_is_one_until_all_of_it_is_seen()
    {
        using var cluster = new FakeCluster { IsAway = true };
        var time = new FakeTimeProvider();
        using var view = new ClusterView(cluster.Client, Options.Create(new KubernetesOptions { Namespace = FakeCluster.Namespace }),
            Supervised.By(time), time, NullLogger<ClusterView>.Instance);
        using var certificates = Rotation(cluster, time, new WebhookOptions { Enabled = false });
        var alerts = new ClusterAlerts(view, certificates, new Follower());
        Assert.Empty(alerts.Check());

        var start = view.StartAsync(Stop);
        await Eventually.TrueAsync("no kind is seen", () => view.All.All(watch => watch.Trouble is not null));
        var condition = Assert.Single(alerts.Check());
        Assert.Equal(("cluster-unreachable", AlertSeverity.Critical, ""), (condition.Rule.Id, condition.Severity, condition.Subject));
        Assert.Equal("The gateway sees no changes of apps in the cluster: The API server is away.", condition.Summary);

        cluster.IsAway = false;
        await Eventually.TrueAsync("all kinds are seen", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return start.IsCompleted;
        });
        await start;
        Assert.Empty(alerts.Check());
        await view.StopAsync(Stop);
    }

    [Fact]
    public async Task The_webhooks_certificate_is_one_of_what_must_be_seen()
    {
        using var cluster = new FakeCluster { IsAway = true };
        var time = new FakeTimeProvider();
        using var view = new ClusterView(cluster.Client, Options.Create(new KubernetesOptions { Namespace = FakeCluster.Namespace }),
            Supervised.By(time), time, NullLogger<ClusterView>.Instance);
        using var certificates = Rotation(cluster, time, new WebhookOptions());
        var alerts = new ClusterAlerts(view, certificates, new Follower());

        await certificates.StartAsync(Stop);
        await Eventually.TrueAsync("the Secret is not seen", () => certificates.Watches.Single().Trouble is not null);

        Assert.Equal("The gateway sees no changes of webhook certificates in the cluster: The API server is away.",
            Assert.Single(alerts.Check()).Summary);
        await certificates.StopAsync(Stop);
    }

    private static WebhookCertificateRotation Rotation(FakeCluster cluster, TimeProvider time, WebhookOptions options) => new(
        cluster.Client, new CertificateSecret(FakeCluster.Namespace, "webhooks"),
        new WebhookAuthorities(cluster.Client, NullLogger<WebhookAuthorities>.Instance), new CertificateMaker(time),
        new WebhookCertificates(), new Follower(), Options.Create(options), Supervised.By(time), time,
        NullLogger<WebhookCertificateRotation>.Instance);

    private sealed class Follower : ILeadership
    {
        public bool IsLeader => false;

        public event Action? Changed
        {
            add { }
            remove { }
        }
    }
}
