using System.Net;
using System.Text;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Balances;
using Codius.Web.ClusterTests.Cluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.ClusterTests.Life;

/// <summary>An app on real pods, from the paid deploy token to its end.</summary>
[Collection("cluster")]
public sealed class AppLifeTests(TestCluster cluster) : IAsyncLifetime
{
    private ClusterGateway? _gateways;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private GatewayUnderTest Gateway => _gateways!.First;

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
    public async Task Put_paid_visited_out_of_funds_paid_again_replaced_and_deleted()
    {
        _gateways = await ClusterGateway.StartAsync();
        var app = ClusterGateway.Hello("life");
        Assert.Equal(HttpStatusCode.PaymentRequired, await Gateway.PutAsync(app));
        await PayTokenAsync();

        Assert.Equal(HttpStatusCode.Created, await Gateway.PutAsync(app));
        Assert.Equal(HttpStatusCode.NoContent, await Gateway.PutAsync(app));
        Assert.Equal(HttpStatusCode.PaymentRequired, (await Gateway.VisitAsync("life")).Status);
        Assert.Empty(await PodsAsync());
        await FundedAsync("life", false);

        // Ten requests and a little more for the time it runs.
        await Gateway.PayAsync("life", 150_000, Cancellation);
        await FundedAsync("life", true);
        var (status, text) = await Gateway.VisitAsync("life");
        Assert.Equal((HttpStatusCode.OK, true), (status, text.Contains("Hello!", StringComparison.Ordinal)));
        using (var socket = await Gateway.OpenSocketAsync("life"))
        {
            Assert.Contains("over and out", await socket.EchoAsync("over and out"), StringComparison.Ordinal);
        }

        for (var visits = 0; visits < 30 && (await Gateway.VisitAsync("life")).Status == HttpStatusCode.OK; visits++)
        {
        }
        Assert.Equal(HttpStatusCode.PaymentRequired, (await Gateway.VisitAsync("life")).Status);
        await NoPodsAsync();
        await FundedAsync("life", false);

        await Gateway.PayAsync("life", 100_000_000_000, Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.VisitAsync("life")).Status);

        var newer = ClusterGateway.Hello("life", "2");
        using var done = new CancellationTokenSource();
        var visitors = Task.Run(() => VisitUntilAsync("life", done.Token), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, await Gateway.PutAsync(newer));
        await Eventually.TrueAsync("the new version serves", () =>
            Runner.Statuses.Any(seen => seen.App.Hash == newer.Hash && seen.State is AppState.Awake));
        await Eventually.TrueAsync("the old version is gone", () => !View.PodsOf(app.Hash).Any());
        await done.CancelAsync();
        Assert.Equal([HttpStatusCode.OK], (await visitors).Distinct());

        Assert.Equal(HttpStatusCode.NoContent, await Gateway.DeleteAsync("life"));
        Assert.Equal(HttpStatusCode.NotFound, (await Gateway.VisitAsync("life")).Status);
        await NoPodsAsync();
        await Eventually.TrueAsync("nothing of it is left", () => View.Deployments.Count == 0 && View.Services.Count == 0);
    }

    [Fact]
    public async Task What_is_deleted_by_hand_comes_back_and_what_is_changed_is_mended()
    {
        _gateways = await ClusterGateway.StartAsync();
        var app = await _gateways.DeployAsync(ClusterGateway.WithSecret(ClusterGateway.Hello("drift"), "a secret text"));
        var name = AppAnnotations.ServiceOf(app.Hash);
        await Eventually.TrueAsync("its objects are there", () =>
            View.Deployments.TryFind(name, out _) && View.Services.TryFind(name, out _) && View.Secrets.TryFind(name, out _));
        View.Deployments.TryFind(name, out var deployment);
        View.Secrets.TryFind(name, out var secret);

        await TestCluster.KubectlAsync("delete", "deployment,service,secret", "-n", TestCluster.Namespace, name);
        await Eventually.TrueAsync("all are back", () =>
            View.Deployments.TryFind(name, out var now)
            && now.Metadata.Uid != deployment!.Metadata.Uid && View.Services.TryFind(name, out _)
            && View.Secrets.TryFind(name, out var again) && again.Metadata.Uid != secret!.Metadata.Uid);
        Assert.Equal("a secret text", await SecretAsync(name));
        await TestCluster.KubectlAsync("set", "image", "-n", TestCluster.Namespace, $"deployment/{name}", "app=docker.io/evil/image:1");

        await Eventually.TrueAsync("the image is its own again", () =>
            View.Deployments.TryFind(name, out var now) && now.Metadata.Generation > 2
                && now.Spec.Template.Spec.Containers[0].Image == TestCluster.Image);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.VisitAsync("drift")).Status);
    }

    [Fact]
    public async Task An_awake_app_outlives_what_is_done_to_its_objects_by_hand()
    {
        // On a busy node two pods may need more than a minute to end, in which there are no visits.
        _gateways = await ClusterGateway.StartAsync(settings: "Sleeping:IdleAfter=01:00:00");
        var app = await _gateways.DeployAsync(ClusterGateway.Hello("handled"));
        var name = AppAnnotations.ServiceOf(app.Hash);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.VisitAsync("handled")).Status);
        var state = Runner.StateOf(app);
        View.Deployments.TryFind(name, out var deployment);
        using var done = new CancellationTokenSource();
        var visitor = Task.Run(() => VisitUntilAsync("handled", done.Token), Cancellation);

        // Another image never runs: visitors notice nothing.
        await TestCluster.KubectlAsync("set", "image", "-n", TestCluster.Namespace, $"deployment/{name}", "app=docker.io/evil/image:1");
        await Eventually.TrueAsync("the image is its own again", () =>
            View.Deployments.TryFind(name, out var now) && now.Metadata.Generation > deployment!.Metadata.Generation + 1
                && now.Spec.Template.Spec.Containers[0].Image == TestCluster.Image);
        await done.CancelAsync();
        Assert.Equal([HttpStatusCode.OK], (await visitor).Distinct());
        Assert.Same(state, Runner.StateOf(app));

        // It has the one pod that is paid for.
        await TestCluster.KubectlAsync("scale", "-n", TestCluster.Namespace, $"deployment/{name}", "--replicas=3");
        await Eventually.TrueAsync("it has one pod again", () =>
            View.Deployments.TryFind(name, out var now) && now.Spec.Replicas == 1 && View.PodsOf(app.Hash).Count() == 1);
        Assert.Equal(HttpStatusCode.OK, (await Gateway.VisitAsync("handled")).Status);

        // Without its pod it is woken again, without a visit.
        await TestCluster.KubectlAsync("scale", "-n", TestCluster.Namespace, $"deployment/{name}", "--replicas=0");
        await AwakeAnewAsync();
        await TestCluster.KubectlAsync("delete", "deployment", "-n", TestCluster.Namespace, name);
        await AwakeAnewAsync();

        async Task AwakeAnewAsync()
        {
            await Eventually.TrueAsync("it is awake anew", () =>
                Runner.StateOf(app) is AppState.Awake && !ReferenceEquals(Runner.StateOf(app), state));
            Assert.Equal(HttpStatusCode.OK, (await Gateway.VisitAsync("handled")).Status);
            state = Runner.StateOf(app);
        }
    }

    [Fact]
    public async Task A_secret_that_somebody_put_in_the_place_of_an_app_s_own_gives_way_to_it()
    {
        _gateways = await ClusterGateway.StartAsync();
        var app = ClusterGateway.WithSecret(ClusterGateway.Hello("secret"), "a secret text");
        var name = AppAnnotations.ServiceOf(app.Hash);
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [AppAnnotations.Service] = name } },
            Immutable = true,
            StringData = new Dictionary<string, string> { ["key"] = "somebody else's" },
        }, TestCluster.Namespace, cancellationToken: Cancellation);

        await _gateways.DeployAsync(app);

        await Eventually.TrueAsync("its own is there", () => View.Secrets.TryFind(name, out _));
        Assert.Equal("a secret text", await SecretAsync(name));
    }

    [Fact]
    public async Task What_no_app_refers_to_goes()
    {
        var name = AppAnnotations.ServiceOf(new string('a', 52));
        var metadata =
            $"{{name: {name}, namespace: {TestCluster.Namespace}, " +
            $"labels: {{codius.org/service: {name}, app.kubernetes.io/managed-by: codius-gateway}} }}";
        var labels = $"{{codius.org/service: {name}}}";
        var orphans = $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {{metadata}}
            spec:
              replicas: 0
              selector: {matchLabels: {{labels}} }
              template: {metadata: {labels: {{labels}} }, spec: {containers: [{name: app, image: {{TestCluster.Image}} }] } }
            ---
            apiVersion: v1
            kind: Service
            metadata: {{metadata}}
            spec: {ports: [{port: 80}] }
            ---
            apiVersion: v1
            kind: Secret
            metadata: {{metadata}}
            """;
        async Task OrphanAsync()
        {
            var (exit, _, errors) = await TestCluster.RunAsync("kubectl", ["apply", "-f", "-"], orphans);
            Assert.True(exit == 0, errors);
        }
        Task<bool> GoneAsync() => Eventually.TrueAsync<bool>("nothing of it is left", async () =>
            await TestCluster.KubectlAsync("get", "deployments,services,secrets", "-n",
                TestCluster.Namespace, "-l", AppAnnotations.Service, "-o", "name") is "" ? true : null);

        // Before the gateway starts, and while it leads.
        await OrphanAsync();
        _gateways = await ClusterGateway.StartAsync();
        await GoneAsync();
        await OrphanAsync();
        await GoneAsync();
    }

    private async Task<string> SecretAsync(string name) =>
        Encoding.UTF8.GetString((await cluster.Client.CoreV1.ReadNamespacedSecretAsync(
            name, TestCluster.Namespace, cancellationToken: Cancellation)).Data["key"]);

    private static Task<bool> FundedAsync(string app, bool isFunded) =>
        Eventually.TrueAsync<bool>($"{app} has the condition Funded: {isFunded}", async () =>
        {
            var status = await TestCluster.KubectlAsync(
                "get", "capp", app, "-o", "jsonpath={.status.conditions[?(@.type==\"Funded\")].status}");
            return status == isFunded.ToString() ? true : null;
        });

    private IAppRunner Runner => Gateway.Services.GetRequiredService<IAppRunner>();

    private ClusterView View => Gateway.Services.GetRequiredService<ClusterView>();

    private async Task PayTokenAsync()
    {
        var paid = await Gateway.Services.GetRequiredService<IBalanceLedger>()
            .AdjustAsync(ClusterGateway.Alice, 100_000_000, "paid", "a test", "a test", Cancellation);
        Assert.Equal(SpendOutcome.Done, paid.Outcome);
    }

    private async Task<IList<string>> PodsAsync() =>
        [.. (await cluster.Client.CoreV1.ListNamespacedPodAsync(TestCluster.Namespace, cancellationToken: Cancellation))
            .Items.Select(pod => pod.Metadata.Name)];

    private Task<bool> NoPodsAsync() =>
        Eventually.TrueAsync<bool>("no pod is left", async () => (await PodsAsync()).Count == 0 ? true : null);

    private async Task<List<HttpStatusCode>> VisitUntilAsync(string app, CancellationToken done)
    {
        var statuses = new List<HttpStatusCode>();
        while (!done.IsCancellationRequested) statuses.Add((await Gateway.VisitAsync(app)).Status);
        return statuses;
    }
}
