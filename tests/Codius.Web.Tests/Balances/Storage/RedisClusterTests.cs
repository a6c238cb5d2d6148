using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>What the gateway checks and waits for on each master of a Redis Cluster.</summary>
[Collection<OnCluster>]
public sealed class RedisClusterTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Production_does_not_start_on_a_cluster_of_which_one_master_may_forget()
    {
        using var store = LedgerStore.OnRedis(fixture.Cluster);
        var master = await LastMasterAsync(store);
        await SetAsync(master, "maxmemory-policy", "allkeys-lru");
        var refused = await Assert.ThrowsAsync<StartupFaultException>(() => store.Guard(Environments.Production).StartingAsync(Stop));
        await SetAsync(master, "maxmemory-policy", "noeviction");

        Assert.Equal(
            $"{master.EndPoint}: Redis may forget balances when its memory is full (maxmemory-policy is allkeys-lru). Set "
            + "`maxmemory-policy noeviction`.", Assert.Single(refused.Faults, fault => !IsOfItsVersion(fault)));
    }

    [Fact]
    public async Task A_replica_that_would_forget_as_a_master_is_a_warning()
    {
        using var store = LedgerStore.OnRedis(fixture.Cluster);
        var replica = store.Store.Connection.GetServers().First(server => server.IsReplica);
        await SetAsync(replica, "maxmemory-policy", "allkeys-lru");
        var durability = await store.Store.ReadDurabilityAsync();
        await SetAsync(replica, "maxmemory-policy", "noeviction");

        Assert.StartsWith($"{replica.EndPoint} is a replica that would replace its master: Redis may forget",
            Assert.Single(durability.Warnings, warning => !IsOfItsVersion(warning)), StringComparison.Ordinal);
        Assert.DoesNotContain(durability.Faults, fault => !IsOfItsVersion(fault));
    }

    [Fact]
    public async Task One_master_that_takes_no_writes_is_found_whatever_the_others_take()
    {
        using var store = LedgerStore.OnRedis(fixture.Cluster);
        Assert.Equal(3, (await store.Store.Nodes.KeyOfEachMasterAsync()).Select(key => NodeOf(store, key).EndPoint).Distinct().Count());
        foreach (var master in store.Store.Connection.GetServers().Where(server => !server.IsReplica))
        {
            await SetAsync(master, "min-replicas-to-write", "7");
            var trouble = await store.Health.ProbeAsync(Stop);
            await SetAsync(master, "min-replicas-to-write", "0");
            Assert.StartsWith("NOREPLICAS", Assert.IsType<RedisServerException>(trouble).Message, StringComparison.Ordinal);
        }
        Assert.Null(await store.Health.ProbeAsync(Stop));
    }

    [Fact]
    public async Task A_credit_waits_for_the_replica_of_its_own_master()
    {
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = fixture.Cluster.ConnectionString,
            CreditReplicas = 1,
            Timeout = TimeSpan.FromSeconds(3),
        });
        var account = new AccountUnderTest(store);
        var elsewhere = new AccountUnderTest(store);
        var master = NodeOf(store, BalanceKeys.Account(account.Id));
        while (NodeOf(store, BalanceKeys.Account(elsewhere.Id)).EndPoint.Equals(master.EndPoint)) elsewhere = new AccountUnderTest(store);
        var replica = fixture.Cluster.At((await master.ClusterNodesAsync())![master.EndPoint]!.Children.Single().EndPoint!);
        var end = AccountUnderTest.InSeconds(300);
        var packet = AccountUnderTest.Packet(account.Id, 100) with { ExpiresAt = end, Deadline = end };
        var other = packet with { Account = elsewhere.Id };

        replica.Freeze();
        var (waited, credited) = (await store.Ledger.CreditAsync(packet, Stop), await store.Ledger.CreditAsync(other, Stop));
        var repeated = await store.Ledger.CreditAsync(packet, Stop); // it writes nothing, and waits all the same
        replica.Thaw();

        Assert.Equal(
            (CreditOutcome.Unavailable, CreditOutcome.Unavailable, CreditOutcome.Credited),
            (waited.Outcome, repeated.Outcome, credited.Outcome));
        var known = await store.Ledger.CreditAsync(packet, Stop);
        while (known.Outcome == CreditOutcome.Unavailable) known = await store.Ledger.CreditAsync(packet, Stop);
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 100), known);
    }

    [Fact]
    public async Task A_master_that_forgot_the_scripts_learns_them_again()
    {
        using var store = LedgerStore.OnRedis(fixture.Cluster);
        foreach (var round in (int[])[0, 1])
        {
            foreach (var account in Enumerable.Range(0, 20).Select(_ => new AccountUnderTest(store)))
                Assert.Equal(CreditOutcome.Credited, (await account.PayAsync(1)).Outcome);
            foreach (var server in store.Store.Connection.GetServers()) await server.ExecuteAsync("SCRIPT", "FLUSH");
        }
    }

    /// <summary>The machine's Redis may be older than what a host must have.</summary>
    private static bool IsOfItsVersion(string fault) => fault.Contains("Redis is version", StringComparison.Ordinal);

    private static IServer NodeOf(LedgerStore store, RedisKey key) => store.Store.CreditNode(key);

    private static async Task<IServer> LastMasterAsync(LedgerStore store) =>
        NodeOf(store, (await store.Store.Nodes.KeyOfEachMasterAsync())[^1]);

    private static Task SetAsync(IServer server, string setting, string value) => server.ConfigSetAsync(setting, value);
}
