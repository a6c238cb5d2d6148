using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>How the gateway handles a store that may lose data, that is gone, or that was replaced.</summary>
public sealed class LedgerGuardTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Production_does_not_start_on_a_store_that_may_forget_and_says_all_that_is_wrong()
    {
        await using var server = new RedisServer("--appendonly", "no", "--maxmemory-policy", "allkeys-lru");
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(server);
        var refused = await Assert.ThrowsAsync<StartupFaultException>(() => store.Guard(Environments.Production).StartingAsync(Stop));
        Assert.Contains(refused.Faults, fault => fault.Contains("appendonly yes"));
        Assert.Contains(refused.Faults, fault => fault.Contains("noeviction"));
    }

    [Fact]
    public async Task Development_starts_on_it_and_its_health_says_what_is_wrong()
    {
        await using var server = new RedisServer("--appendonly", "no");
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Guard(Environments.Development).StartingAsync(Stop);
        var health = await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("appendonly yes", health.Description);
        Assert.Equal(false, HealthResults.Details(health.Data)!["appendOnlyFile"]);
    }

    [Fact]
    public async Task A_store_that_is_gone_is_failed_since_then_and_calls_are_unavailable_until_it_is_back()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(server);
        var account = new AccountUnderTest(store);
        await account.PayAsync(100);
        await server.KillAsync();
        Assert.Equal(SpendOutcome.Unavailable, (await store.Ledger.SpendAsync(account.Id, 1, Stop)).Outcome);
        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await store.Ledger.ReadAsync(account.Id, Stop));
        var health = await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.NotNull(HealthResults.LastError(health.Data));
        await server.StartAsync(Stop);
        await AccountUnderTest.UntilAsync(async () =>
            (await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop)).Status != HealthStatus.Unhealthy);
        Assert.Equal(100UL, (await store.Ledger.ReadAsync(account.Id, Stop))!.Value.Available);
    }

    [Fact]
    public async Task A_gateway_that_sees_another_epoch_drops_its_leases()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(server);
        var account = new AccountUnderTest(store);
        await account.PayAsync(100);
        using var reservations = store.Reservations();
        var guard = store.Guard(Environments.Development, reservations);
        await guard.StartingAsync(Stop);
        var open = await reservations.ReserveAsync(account.Id, 10, Stop);
        await guard.CheckEpochAsync();
        (await reservations.ReserveAsync(account.Id, 10, Stop)).Commit();
        await store.Database.StringIncrementAsync(BalanceKeys.Epoch);
        await guard.CheckEpochAsync();
        open.Commit(); // of the dropped lease: it changes nothing of the new one
        (await reservations.ReserveAsync(account.Id, 20, Stop)).Commit();
        await reservations.StopAsync(Stop);
        Assert.Equal(20UL, (await account.BalanceAsync())!.Value.Spent);
    }
}
