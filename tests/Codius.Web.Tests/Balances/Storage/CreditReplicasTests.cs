using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>Credits that wait for a replica.</summary>
public sealed class CreditReplicasTests
{
    [Fact]
    public async Task A_credit_without_its_replica_is_unavailable_and_counts_once_when_the_replica_has_it()
    {
        var stop = TestContext.Current.CancellationToken;
        var port = FreePort.Find();
        await using var primary = new RedisServer("--port", port.ToString());
        await primary.StartAsync(stop);
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = primary.ConnectionString,
            CreditReplicas = 1,
            Timeout = TimeSpan.FromSeconds(10),
        });
        var account = new AccountUnderTest(store);
        var end = AccountUnderTest.InSeconds(300);
        var packet = AccountUnderTest.Packet(account.Id, 100) with { ExpiresAt = end, Deadline = end };
        Assert.Equal(CreditOutcome.Unavailable, (await store.Ledger.CreditAsync(packet, stop)).Outcome);

        await using var replica = new RedisServer("--replicaof", "127.0.0.1", port.ToString());
        await replica.StartAsync(stop);
        var result = await store.Ledger.CreditAsync(packet, stop);
        while (result.Outcome == CreditOutcome.Unavailable) result = await store.Ledger.CreditAsync(packet, stop);
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 100), result);
        await using var reader = await ConnectionMultiplexer.ConnectAsync(replica.ConnectionString);
        Assert.Equal("100", await reader.GetDatabase()
            .HashGetAsync(BalanceKeys.Account(account.Id), "credited", CommandFlags.DemandReplica));
    }

    [Fact]
    public async Task A_credit_is_unavailable_while_no_primary_is_connected()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var primary = new RedisServer();
        await primary.StartAsync(stop);
        using var store = LedgerStore.OnRedis(new RedisOptions { ConnectionString = primary.ConnectionString, CreditReplicas = 1 });
        var packet = AccountUnderTest.Packet(new AccountUnderTest(store).Id, 100);
        await primary.KillAsync();
        await Eventually.TrueAsync("the connection has ended", () => !store.Store.CreditConnection.IsConnected);

        Assert.Equal(CreditOutcome.Unavailable, (await store.Ledger.CreditAsync(packet, stop)).Outcome);
        Assert.NotNull(await store.Health.ProbeAsync(stop));
    }

    [Fact]
    public async Task A_repeat_on_another_connection_waits_for_the_replica_as_the_first_did()
    {
        var stop = TestContext.Current.CancellationToken;
        var port = FreePort.Find();
        await using var primary = new RedisServer("--port", port.ToString());
        await primary.StartAsync(stop);
        await using var replica = new RedisServer("--replicaof", "127.0.0.1", port.ToString());
        await replica.StartAsync(stop);
        using var one = GatewayOn(primary);
        using var two = GatewayOn(primary);
        var account = new AccountUnderTest(one);
        var end = AccountUnderTest.InSeconds(300);
        var first = AccountUnderTest.Packet(account.Id, 1) with { ExpiresAt = end, Deadline = end };
        while ((await one.Ledger.CreditAsync(first, stop)).Outcome == CreditOutcome.Unavailable) stop.ThrowIfCancellationRequested();

        replica.Freeze();
        var packet = AccountUnderTest.Packet(account.Id, 100) with { ExpiresAt = end, Deadline = end };
        Assert.Equal(CreditOutcome.Unavailable, (await one.Ledger.CreditAsync(packet, stop)).Outcome);
        Assert.Equal(CreditOutcome.Unavailable, (await two.Ledger.CreditAsync(packet, stop)).Outcome);

        replica.Thaw();
        var result = await two.Ledger.CreditAsync(packet, stop);
        while (result.Outcome == CreditOutcome.Unavailable) result = await two.Ledger.CreditAsync(packet, stop);
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 101), result);
        // WAIT speaks of the last write of its connection: also a repeat has made one. Redis before 7.2 would wait without it.
        await one.Database.KeyDeleteAsync(BalanceKeys.Written);
        while ((await two.Ledger.CreditAsync(packet, stop)).Outcome == CreditOutcome.Unavailable) stop.ThrowIfCancellationRequested();
        Assert.True(await one.Database.KeyExistsAsync(BalanceKeys.Written));

        static LedgerStore GatewayOn(RedisServer primary) => LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = primary.ConnectionString,
            CreditReplicas = 1,
            Timeout = TimeSpan.FromSeconds(2),
        });
    }
}
