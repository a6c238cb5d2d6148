using System.Net;
using Codius.Testing;
using Codius.Web.Apps;
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
        await DeployAsync("pods", "1");
        Assert.Equal((HttpStatusCode.PaymentRequired, HttpStatusCode.PaymentRequired),
            (await one.VisitAsync("pods"), await other.VisitAsync("pods")));
        Assert.Equal(0, await PodsAsync("pods"));

        await one.PayAppAsync("pods", 20 * Price, through: other);
        Assert.Equal(HttpStatusCode.OK, await one.VisitAsync("pods"));
        Assert.Equal(HttpStatusCode.OK, await other.VisitAsync("pods"));
        await UseUpAsync("pods", one, other);

        await other.PayAppAsync("pods", 20 * Price, through: one);
        Assert.Equal(HttpStatusCode.OK, await other.VisitAsync("pods"));
        Assert.Equal(HttpStatusCode.OK, await one.VisitAsync("pods"));
        Assert.Equal(1, await PodsAsync("pods"));
        await UseUpAsync("pods", one, other);
        Assert.Equal(40 * Price, (await SettledAsync("pods")).Credited);
    }

    [Fact]
    public async Task A_gateway_that_is_killed_takes_no_money_with_it_and_another_one_leads()
    {
        TestCluster.SkipUnlessOfThisMachine();
        var (one, other) = await host.GatewaysAsync();
        var (killed, heir) = await host.LeaderAsync() == one.Name ? (one, other) : (other, one);
        await DeployAsync("heir", "2");
        var paid = await killed.PayAppAsync("heir", 50_000 * Price, through: killed);
        Assert.Equal(HttpStatusCode.OK, await killed.VisitAsync("heir"));
        Assert.Equal(HttpStatusCode.OK, await heir.VisitAsync("heir"));
        using var visitors = new Visitors("heir", heir.VisitAsync, heir.VisitAnewAsync);

        await host.KillAsync(killed);
        paid += await heir.PayAppAsync("heir", 50_000 * Price, through: heir);
        await Eventually.TrueAsync<bool>("another gateway leads", async () =>
            await host.LeaderAsync() is { } leader && leader != killed.Name ? true : null);
        var statuses = await visitors.LeaveAsync();

        Assert.Equal([HttpStatusCode.OK], statuses.Distinct());
        var balance = await SettledAsync("heir");
        Assert.Equal(paid, balance.Credited);
        // The visit that the killed gateway had not settled yet is at the host's cost; all others are charged once.
        Assert.InRange(Charged(balance), statuses.Count + 1, statuses.Count + 2);

        await host.Ledger.AdjustAsync(
            AccountId.OfApp("heir"), -(long)(balance.Available - (5 * Price)), "nearly all", "a test", "a test", Cancellation);
        await UseUpAsync("heir", heir);
    }

    [Fact]
    public async Task A_rolling_update_under_load_loses_no_request_and_no_unit()
    {
        TestCluster.SkipUnlessOfThisMachine();
        await host.GatewaysAsync();
        using var service = await host.ServiceAsync();
        await DeployAsync("rolling", "3");
        var paid = await service.PayAppAsync("rolling", 100_000 * Price, through: service);
        Assert.Equal(HttpStatusCode.OK, await service.VisitAsync("rolling"));
        using var visitors = new Visitors("rolling", service.VisitAsync, service.VisitAnewAsync);

        await host.RestartAsync();
        var statuses = await visitors.LeaveAsync();

        Assert.Equal([HttpStatusCode.OK], statuses.Distinct());
        var balance = await SettledAsync("rolling");
        Assert.Equal((paid, statuses.Count + 1), (balance.Credited, Charged(balance)));
    }

    /// <summary>Deploys an app as a developer does; returns when every gateway has it.</summary>
    private async Task DeployAsync(string name, string version)
    {
        var (one, other) = await host.GatewaysAsync();
        await one.PayTokenAsync(ClusterGateway.Alice, 100_000_000);
        Assert.Equal(HttpStatusCode.Created, await one.PutAsync(ClusterGateway.Hello(name, version)));
        foreach (var gateway in new[] { one, other })
            await Eventually.TrueAsync<bool>("each gateway has the app", async () =>
                await gateway.VisitAsync(name) == HttpStatusCode.PaymentRequired ? true : null);
    }

    /// <summary>How many visits were charged: the first hour awake costs less than one.</summary>
    private static int Charged(Balance balance) => (int)(balance.Spent / Price);

    /// <summary>Visits until the money is gone, and waits until no pod is left.</summary>
    private async Task UseUpAsync(string app, params HostClient[] gateways)
    {
        foreach (var gateway in gateways)
            await Eventually.TrueAsync<bool>("its money is gone", async () =>
                await gateway.VisitAsync(app) == HttpStatusCode.PaymentRequired ? true : null);
        await Eventually.TrueAsync<bool>("no pod is left", async () => await PodsAsync(app) == 0 ? true : null);
    }

    /// <summary>
    /// The balance, once no gateway has a lease of it; at every read credited = balance + spent + leased. The lease of a killed gateway
    /// is returned by the next change of that account.
    /// </summary>
    private async Task<Balance> SettledAsync(string app)
    {
        Balance balance = default;
        await Eventually.TrueAsync<bool>("no lease is left", async () =>
        {
            await host.Ledger.AdjustAsync(AccountId.OfApp(app), 0, Guid.NewGuid().ToString("n"), "a test", "a test", Cancellation);
            balance = await host.Ledger.ReadAsync(AccountId.OfApp(app), Cancellation) ?? default;
            Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
            return balance.Leased == 0 ? true : null;
        });
        return balance;
    }

    /// <summary>How many pods run for an app: those of another test's app may still be ending.</summary>
    private async Task<int> PodsAsync(string app)
    {
        var hash = await TestCluster.HashOfAsync(app);
        var pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(TestCluster.Namespace,
            labelSelector: $"{AppAnnotations.Service}={AppAnnotations.ServiceOf(hash)}", cancellationToken: Cancellation);
        return pods.Items.Count;
    }
}
