using System.Net;
using Codius.Web.Balances;
using Codius.Web.ClusterTests.Cluster;
using k8s;

namespace Codius.Web.ClusterTests.Life;

/// <summary>A host as its owner runs it: two gateways as pods, applied from the files of <c>deploy/</c>.</summary>
[Collection("cluster")]
public sealed class GatewaysAsPodsTests(TestCluster cluster, HostInCluster host) : IClassFixture<HostInCluster>
{
    private const ulong Price = 10_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_paid_by_STREAM_is_woken_and_answered_by_either_gateway_and_sleeps_when_its_money_is_gone()
    {
        TestCluster.SkipUnlessOfThisMachine();
        var (one, other) = await host.GatewaysAsync();
        Assert.Equal(HttpStatusCode.PaymentRequired, await one.PutAsync(ClusterGateway.Hello("pods")));
        await one.PayTokenAsync(ClusterGateway.Alice, 100_000_000);
        Assert.Equal(HttpStatusCode.Created, await one.PutAsync(ClusterGateway.Hello("pods")));
        await Soon.TrueAsync<bool>("the other gateway knows the app", async () => await other.VisitAsync("pods") != HttpStatusCode.NotFound ? true : null);
        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.PaymentRequired), (await one.VisitAsync("pods"), await other.VisitAsync("pods")));
        Assert.Equal(0, await PodsAsync());

        await one.PayAppAsync("pods", 20 * Price, through: other);
        Assert.Equal(HttpStatusCode.OK, await one.VisitAsync("pods"));
        Assert.Equal(HttpStatusCode.OK, await other.VisitAsync("pods"));
        await UseUpAsync("pods", one, other);

        await other.PayAppAsync("pods", 20 * Price, through: one);
        Assert.Equal(HttpStatusCode.OK, await other.VisitAsync("pods"));
        Assert.Equal(HttpStatusCode.OK, await one.VisitAsync("pods"));
        Assert.Equal(1, await PodsAsync());
        await UseUpAsync("pods", one, other);
        Assert.Equal(40 * Price, (await SettledAsync("pods")).Credited);
    }

    /// <summary>Visits until the money is gone, and waits until no pod is left.</summary>
    private async Task UseUpAsync(string app, params HostClient[] gateways)
    {
        foreach (var gateway in gateways)
            await Soon.TrueAsync<bool>("its money is gone", async () => await gateway.VisitAsync(app) == HttpStatusCode.PaymentRequired ? true : null);
        await Soon.TrueAsync<bool>("no pod is left", async () => await PodsAsync() == 0 ? true : null);
    }

    /// <summary>The balance, as soon as no gateway holds anything of it; at every look credited is what the rule says.</summary>
    private async Task<Balance> SettledAsync(string app)
    {
        Balance balance = default;
        await Soon.TrueAsync<bool>("no lease is out", async () =>
        {
            balance = await host.Ledger.ReadAsync(AccountId.OfApp(app), Cancellation) ?? default;
            Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
            return balance.Leased == 0 ? true : null;
        });
        return balance;
    }

    private async Task<int> PodsAsync() => (await cluster.Client.CoreV1.ListNamespacedPodAsync(TestCluster.Namespace, cancellationToken: Cancellation)).Items.Count;
}
