using System.Net;
using System.Text.Json;
using Codius.Testing;
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
                "did not accept connections on its port within 60 seconds"),
            FailsAsync(Unready("unready"), "The container 'app' runs, but its readiness probe did not succeed within 60 seconds"));
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
        }
        finally
        {
            await TestCluster.KubectlAsync("delete", "resourcequota", "no-room", "-n", TestCluster.Namespace);
        }
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
