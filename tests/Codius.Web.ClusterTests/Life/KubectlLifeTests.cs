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

/// <summary>
/// An app on real pods whose developer has kubectl and a deploy token that was paid by STREAM, on an API server that calls the gateway.
/// </summary>
[Collection("cluster")]
public sealed class KubectlLifeTests(TestCluster cluster) : IAsyncLifetime
{
    private const ulong PerDeploy = 10_000_000;

    private readonly Developer _alice = new();
    private readonly Developer _mallory = new();
    private ClusterGateway? _gateways;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private GatewayUnderTest Gateway => _gateways!.First;

    private ClusterView View => Gateway.Services.GetRequiredService<ClusterView>();

    public async ValueTask InitializeAsync()
    {
        TestCluster.SkipWithout();
        await TestCluster.ClearAsync();
        await ApiServerFlags.PrepareAsync();
        _gateways = await ClusterGateway.StartAsync(settings:
            [Payer.Setting, "Kubernetes:RuntimeClassName=kata", "Webhooks:Enabled=true",
                $"Webhooks:ClientAuthorityFile={ApiServerFlags.ClientAuthority}", "Gateway:Listen=0.0.0.0"]);
        await _gateways.LeaderAsync();
        await ApiServerFlags.PointAtAsync(Gateway, cluster.Client);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateways is null) return;
        // While the gateway answers the webhooks, which are deleted here too.
        await TestCluster.ClearAsync();
        await _gateways.DisposeAsync();
    }

    [Fact]
    public async Task Applied_paid_visited_replaced_under_load_and_deleted()
    {
        var app = Manifests.Hello("kubectl");
        var (refused, output) = await _alice.ApplyAsync(app);
        Assert.NotEqual(0, refused);
        Assert.Matches("(?i)unauthorized|provide credentials", output);
        foreach (var developer in (Developer[])[_alice, _mallory]) await PayAsync(developer, 2 * PerDeploy);

        // A dry run is free.
        await DoneAsync(_alice.ApplyAsync(app, "--dry-run=server"), "created (server dry run)");
        Assert.Equal(new Balance(2 * PerDeploy, 2 * PerDeploy, 0, 0), await BalanceAsync(_alice));

        // Charged once, however often it is sent.
        await DoneAsync(_alice.ApplyAsync(app), "created");
        await SpentAsync(_alice, PerDeploy);
        // The secrets in it are sealed anew, so kubectl sees a change; the hash is the same.
        await DoneAsync(_alice.ApplyAsync(app), "configured");
        var hash = await TestCluster.HashOfAsync("kubectl");
        var objects = AppAnnotations.ServiceOf(hash);
        await Eventually.TrueAsync("its objects are there", () =>
            View.Deployments.TryFind(objects, out _) && View.Services.TryFind(objects, out _));
        var secret = await cluster.Client.CoreV1.ReadNamespacedSecretAsync(objects, TestCluster.Namespace, cancellationToken: Cancellation);
        Assert.Equal("a secret text", Encoding.UTF8.GetString(secret.Data["key"]));
        var kept = await TestCluster.KubectlAsync("get", "capp", "kubectl", "-o", "json");
        Assert.DoesNotContain("a secret text", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(_alice.Token, kept, StringComparison.Ordinal);

        // Visited.
        Assert.Equal(HttpStatusCode.PaymentRequired, (await Gateway.VisitAsync("kubectl")).Status);
        await Payer.PayAsync(Gateway, GatewayUnderTest.UrlOf("kubectl") + ".well-known/pay", 100_000_000_000);
        var (status, text) = await Gateway.VisitAsync("kubectl");
        Assert.Equal((HttpStatusCode.OK, true), (status, text.Contains("Hello!", StringComparison.Ordinal)));
        using (var socket = await Gateway.OpenSocketAsync("kubectl"))
        {
            Assert.Contains("over and out", await socket.EchoAsync("over and out"), StringComparison.Ordinal);
        }

        await ConfinedAsync(Assert.Single(View.PodsOf(hash)));

        // Another deploy token cannot change it.
        var newer = Manifests.Hello("kubectl", "2");
        await RefusedAsync(_mallory.ApplyAsync(newer), "Another deploy token deployed this app");
        await RefusedAsync(_mallory.RunAsync(null, "delete", "capp", "kubectl"), "Another deploy token deployed this app");
        Assert.Equal(new Balance(2 * PerDeploy, 2 * PerDeploy, 0, 0), await BalanceAsync(_mallory));
        Assert.Equal(hash, await TestCluster.HashOfAsync("kubectl"));

        // A new version, while it is visited.
        using var done = new CancellationTokenSource();
        var visitors = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => VisitUntilAsync(done.Token), Cancellation)));
        await DoneAsync(_alice.ApplyAsync(newer), "configured");
        var second = await TestCluster.HashOfAsync("kubectl");
        await Eventually.TrueAsync("the new version serves", () =>
            Gateway.Services.GetRequiredService<IAppRunner>().Statuses.Any(seen =>
                seen.App.Hash == second && seen.State is AppState.Awake));
        await Eventually.TrueAsync("the old version is gone", () => !View.PodsOf(hash).Any() && !View.Deployments.TryFind(objects, out _));
        await done.CancelAsync();
        Assert.Equal([HttpStatusCode.OK], (await visitors).SelectMany(statuses => statuses).Distinct());
        await SpentAsync(_alice, 2 * PerDeploy);

        // Its money is gone: another version is refused, but its owner can still delete the app.
        await RefusedAsync(_alice.ApplyAsync(Manifests.Hello("kubectl", "3")),
            "This deploy costs 0.01 USD; the account of this deploy token has 0. Pay $codius.test/pay/");
        await DoneAsync(_alice.RunAsync(null, "delete", "capp", "kubectl"), "deleted");
        // The name was held for her before the app was gone.
        await RefusedAsync(_mallory.ApplyAsync(Manifests.Hello("kubectl")), "Another deploy token deployed this app");
        await Eventually.TrueAsync<bool>("nothing of it is left", async () => await TestCluster.KubectlAsync(
            "get", "deployments,services,secrets,pods", "-n", TestCluster.Namespace, "-l", AppAnnotations.Service, "-o", "name") is ""
                ? true
                : null);
        Assert.Equal(HttpStatusCode.NotFound, (await Gateway.VisitAsync("kubectl")).Status);
        Assert.Equal(new Balance(2 * PerDeploy, 0, 2 * PerDeploy, 0), await BalanceAsync(_alice));

        // Events and logs contain no secret.
        var events = await TestCluster.KubectlAsync("get", "events", "-A", "-o", "json");
        Assert.Contains("\"name\": \"kubectl\"", events, StringComparison.Ordinal);
        Assert.NotEmpty(_gateways!.Log.Lines);
        string[] secrets = [_alice.Token, _mallory.Token, "a secret text"];
        Assert.All(secrets, secret =>
            Assert.All([events, .. _gateways.Log.Lines], line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_creates_an_own_app_again_is_told_so_and_nothing_is_set_aside()
    {
        await PayAsync(_alice, 3 * PerDeploy);
        await DoneAsync(_alice.ApplyAsync(Manifests.Hello("kubectl")), "created");
        await SpentAsync(_alice, PerDeploy);

        // The API server calls the webhooks before it checks whether the object exists.
        await RefusedAsync(_alice.RunAsync(Manifests.Hello("kubectl", "2"), "create", "-f", "-"), "AlreadyExists");
        Assert.Equal(new Balance(3 * PerDeploy, 2 * PerDeploy, PerDeploy, 0), await BalanceAsync(_alice));
        Assert.Equal(HttpStatusCode.PaymentRequired, (await Gateway.VisitAsync("kubectl")).Status);
    }

    [Fact]
    public async Task Bad_manifests_are_told_what_is_wrong_and_leave_nothing()
    {
        await PayAsync(_alice, PerDeploy);
        var good = Manifests.Hello("bad");
        (string Manifest, string[] Errors)[] bad =
        [
            (good.Replace("spec:", "spec:\n  contaners: []", StringComparison.Ordinal), ["unknown field", "contaners"]),
            ("apiVersion: core.codius.org/v1alpha1\nkind: Service\nmetadata: {name: bad}\nspec: {containers: []}\n", ["spec.containers"]),
            (good.Replace("name: bad", "name: bad.name", StringComparison.Ordinal), ["metadata.name"]),
            (good.Replace("name: bad", "name: Bad_name", StringComparison.Ordinal), ["metadata.name"]),
            (good.Replace("name: bad", "name: admin", StringComparison.Ordinal), ["metadata.name"]),
            (good.Replace("spec:", "spec:\n  port: 70000", StringComparison.Ordinal), ["spec.port"]),
            (good.Replace("value: \"1\"", "value: \"1\"\n          valueFrom: {secretKeyRef: {key: key}}", StringComparison.Ordinal),
                ["spec.containers[0].env[0]"]),
            (good.Replace("  key: a secret text", "  other: a secret text", StringComparison.Ordinal), ["spec.containers[0].env[1]"]),
            (Manifests.Hello("bad", image: "elsewhere.example/app"), ["spec.containers[0].image", "not from a registry"]),
            (Manifests.Hello("bad", secret: new string('x', 256 * 1024)), ["256 KiB"]),
        ];

        foreach (var (manifest, errors) in bad) await RefusedAsync(_alice.ApplyAsync(manifest), errors);

        Assert.Equal("", await TestCluster.KubectlAsync("get", "services.core.codius.org", "-o", "name"));
        Assert.Equal(new Balance(PerDeploy, PerDeploy, 0, 0), await BalanceAsync(_alice));
        await DoneAsync(_alice.ApplyAsync(good), "created");
        await SpentAsync(_alice, PerDeploy);
    }

    private static async Task DoneAsync(Task<(int Exit, string Text)> kubectl, string expected)
    {
        var (exit, text) = await kubectl;
        Assert.True(exit == 0, text);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(Task<(int Exit, string Text)> kubectl, params string[] errors)
    {
        var (exit, text) = await kubectl;
        Assert.True(exit != 0, text);
        Assert.All(errors, error => Assert.Contains(error, text, StringComparison.Ordinal));
    }

    /// <summary>The privileges of the app, read inside its container.</summary>
    private static async Task ConfinedAsync(V1Pod pod)
    {
        Assert.Equal("kata", pod.Spec.RuntimeClassName);
        var inside = await TestCluster.KubectlAsync(
            "exec", "-n", TestCluster.Namespace, pod.Metadata.Name, "--", "sh", "-c", "cat /proc/self/status; ls -R /var/run; env");
        Assert.Contains("NoNewPrivs:\t1\n", inside, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2\n", inside, StringComparison.Ordinal);
        // NET_BIND_SERVICE and no other.
        Assert.Contains("CapBnd:\t0000000000000400\n", inside, StringComparison.Ordinal);
        Assert.DoesNotContain("serviceaccount", inside, StringComparison.Ordinal);
        Assert.DoesNotContain("SVC_", inside, StringComparison.Ordinal);
    }

    private Task PayAsync(Developer developer, ulong units) =>
        Payer.PayAsync(Gateway, $"http://{GatewayUnderTest.Domain}/pay/{developer.Account}", units);

    private async Task<Balance> BalanceAsync(Developer developer)
    {
        var balance = await Gateway.Services.GetRequiredService<IBalanceLedger>().ReadAsync(developer.Account, Cancellation) ?? default;
        Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
        return balance;
    }

    /// <summary>Committed once the watch has delivered the object; until then the price is reserved.</summary>
    private Task<bool> SpentAsync(Developer developer, ulong units) => Eventually.TrueAsync<bool>($"{units} units are spent", async () =>
        await BalanceAsync(developer) is { Leased: 0 } balance && balance.Spent == units ? true : null);

    private async Task<List<HttpStatusCode>> VisitUntilAsync(CancellationToken done)
    {
        var statuses = new List<HttpStatusCode>();
        while (!done.IsCancellationRequested) statuses.Add((await Gateway.VisitAsync("kubectl")).Status);
        return statuses;
    }
}
