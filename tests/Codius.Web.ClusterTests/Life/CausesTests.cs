using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.ClusterTests.Cluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.ClusterTests.Life;

/// <summary>The cause of a failed start on a real cluster: in the visitor's answer, in the app's status and as an Event.</summary>
[Collection("cluster")]
public sealed class CausesTests(TestCluster cluster) : IAsyncLifetime
{
    private ClusterGateway? _gateways;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestCluster.SkipWithout();
        await TestCluster.ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateways is not null) await _gateways.DisposeAsync();
    }

    [Fact]
    public async Task An_image_that_does_not_exist_and_a_container_that_exits()
    {
        _gateways = await ClusterGateway.StartAsync();

        await Task.WhenAll(
            FailsAsync(ClusterGateway.OfImage("imageless", "docker.io/codius/there-is-none:1"),
                "The image 'docker.io/codius/there-is-none:1' cannot be pulled"),
            FailsAsync(ClusterGateway.Hello("exits", command: ["sh", "-c", "echo 'no database' >&2; exit 3"]),
                "ended by itself with exit code 3"));
        OutputIs("exits", "no database");

        await NoPodsAsync();
    }

    [Fact]
    public async Task One_that_never_listens_and_one_that_never_becomes_ready()
    {
        // Long enough for the container to run on a slow machine.
        _gateways = await ClusterGateway.StartAsync(settings: "Kubernetes:StartTimeout=00:01:00");

        await Task.WhenAll(
            FailsAsync(ClusterGateway.Hello("deaf", command: ["sh", "-c", "echo 'thinking'; sleep 1000"]),
                "did not start within 60 seconds", "It runs, but does not accept connections on port 80"),
            FailsAsync(Unready("unready"),
                "did not start within 60 seconds", "The container 'app' runs, but its readiness probe does not succeed"));
        OutputIs("deaf", "thinking");
    }

    [Fact]
    public async Task No_room_left_in_the_namespace()
    {
        _gateways = await ClusterGateway.StartAsync();
        await cluster.Client.CoreV1.CreateNamespacedResourceQuotaAsync(new V1ResourceQuota
        {
            Metadata = new V1ObjectMeta { Name = "no-room" },
            Spec = new V1ResourceQuotaSpec { Hard = new Dictionary<string, ResourceQuantity> { ["pods"] = new("0") } },
        }, TestCluster.Namespace, cancellationToken: Cancellation);
        try
        {
            // The quota controller needs a moment to count; until then it admits nothing either.
            await Eventually.TrueAsync<bool>("the quota holds", async () =>
                (await cluster.Client.CoreV1.ReadNamespacedResourceQuotaAsync(
                    "no-room", TestCluster.Namespace, cancellationToken: Cancellation)).Status?.Hard?.Count > 0 ? true : null);

            await FailsAsync(ClusterGateway.Hello("roomless"), "The host has no room for another app now", "exceeded quota: no-room");
            for (var visits = 0; visits < 5; visits++)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _gateways.First.VisitAsync("roomless")).Status);
            await Eventually.TrueAsync<bool>("it is scaled to zero", async () => await TestCluster.KubectlAsync(
                "get", "deployments", "-n", TestCluster.Namespace, "-o", "jsonpath={.items[*].spec.replicas}") is "0" ? true : null);
        }
        finally
        {
            await TestCluster.KubectlAsync("delete", "resourcequota", "no-room", "-n", TestCluster.Namespace);
        }

        await Eventually.TrueAsync<bool>("a visit wakes it", async () =>
            (await _gateways.First.VisitAsync("roomless")).Status == HttpStatusCode.OK ? true : null, TimeSpan.FromSeconds(30));
        Assert.Equal(0, _gateways.First.Services.GetRequiredService<Web.Apps.StartHistory>()
            .FailuresOf(await TestCluster.HashOfAsync("roomless")));
    }

    [Fact]
    public async Task Pods_that_the_host_ended_are_no_failure_and_their_replacements_serve()
    {
        _gateways = await ClusterGateway.StartAsync();
        var app = await _gateways.DeployAsync(ClusterGateway.Hello("evicted"));
        var view = _gateways.First.Services.GetRequiredService<ClusterView>();
        for (var ended = 1; ended <= 3; ended++)
        {
            Assert.Equal(HttpStatusCode.OK, (await _gateways.First.VisitAsync("evicted")).Status);
            var pod = view.PodsOf(app.Hash).Single(pod => pod.Metadata.DeletionTimestamp is null).Metadata.Name;

            // The node ends it as it does one that it evicts: the pod stays listed, in the phase Failed.
            await TestCluster.KubectlAsync(
                "patch", "pod", pod, "-n", TestCluster.Namespace, "-p", """{"spec":{"activeDeadlineSeconds":1}}""");
            await Eventually.TrueAsync($"{ended} pods were ended", () => view.EndedPodsOf(app.Hash).Count() == ended);
        }

        Assert.Equal(HttpStatusCode.OK, (await _gateways.First.VisitAsync("evicted")).Status);
        Assert.Equal(0, _gateways.First.Services.GetRequiredService<Web.Apps.StartHistory>().FailuresOf(app.Hash));
        // They keep it neither awake nor from being woken.
        await _gateways.First.Services.GetRequiredService<Web.Apps.IAppRunner>().SleepAsync(app, TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await _gateways.First.VisitAsync("evicted")).Status);
    }

    [Fact]
    public async Task A_cluster_that_enforces_no_network_policy()
    {
        // The image that waits: any with a shell and nc.
        _gateways = await ClusterGateway.StartAsync(settings:
            ["Kubernetes:RequirePolicy=true", "Kubernetes:PolicyWait=00:00:03", $"Kubernetes:PolicyWaitImage={TestCluster.Image}"]);

        await FailsAsync(ClusterGateway.Hello("loose"), "The app was not started, since the cluster's network policy does not hold");
    }

    private static Web.Apps.StoredApp Unready(string name)
    {
        var app = ClusterGateway.Hello(name);
        var probe = new Probe { HttpGet = new HttpGetAction { Path = "/fail", Port = new PortReference(80) }, PeriodSeconds = 1 };
        var spec = app.Spec with { Containers = [app.Spec.Containers[0] with { ReadinessProbe = probe }] };
        return app with { Spec = spec, Hash = ManifestHash.OfSpec(spec) };
    }

    /// <summary>The app's last lines, which its owner alone may read.</summary>
    private void OutputIs(string app, string output) =>
        Assert.Equal(output, _gateways!.First.Services.GetRequiredService<Web.Apps.IAppRunner>().Statuses
            .Single(status => status.App.Name == app).LastOutput);

    /// <summary>Deploys and pays an app, visits it, and finds the cause in each place.</summary>
    private async Task FailsAsync(Web.Apps.StoredApp app, params string[] cause)
    {
        await _gateways!.DeployAsync(app);

        var (status, text) = await _gateways.First.VisitAsync(app.Name);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        var detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
        Assert.All(cause, words => Assert.Contains(words, detail, StringComparison.Ordinal));

        var uid = await TestCluster.KubectlAsync("get", "services.core.codius.org", app.Name, "-o", "jsonpath={.metadata.uid}");
        await IsShownAsync(app.Name, "is its condition", cause, "True", "get", "services.core.codius.org", app.Name, "-o",
            "jsonpath={.status.conditions[?(@.type==\"Failed\")].status} {.status.conditions[?(@.type==\"Failed\")].message}");
        await IsShownAsync(app.Name, "is shown", cause[..1], "Failed", "get", "capp", app.Name, "-o", "wide", "--no-headers");
        await IsShownAsync(app.Name, "is an Event", cause, "Warning Failed", "get", "events", "-n",
            "default", "--field-selector", $"involvedObject.uid={uid},reason=Failed", "-o",
            "jsonpath={range .items[*]}{.type} {.reason} {.message}{end}");
    }

    private static Task<bool> IsShownAsync(string app, string how, string[] cause, string beside, params string[] kubectl) =>
        Eventually.TrueAsync<bool>($"the cause of {app} {how}", async () =>
        {
            var text = await TestCluster.KubectlAsync(kubectl);
            return text.Contains(beside, StringComparison.Ordinal)
                && cause.All(words => text.Contains(words, StringComparison.Ordinal)) ? true : null;
        });

    private static Task<bool> NoPodsAsync() => Eventually.TrueAsync<bool>("no pod is left", async () =>
        await TestCluster.KubectlAsync("get", "pods", "-n", TestCluster.Namespace, "-o", "name") is "" ? true : null);
}
