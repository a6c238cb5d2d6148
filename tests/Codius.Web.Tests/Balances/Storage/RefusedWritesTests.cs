using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Health;
using Codius.Web.Tests.Balances.Leases;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>A store that answers, and takes no writes: its health is failed throughout, and nothing ends as "out of funds".</summary>
public sealed class RefusedWritesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("READONLY", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    [InlineData("OOM", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("NOREPLICAS", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")]
    [InlineData("READONLY", "CONFIG SET replica-serve-stale-data no|REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    [InlineData("BUSY", "CONFIG SET busy-reply-threshold 1|EVAL while true do end", "SCRIPT KILL")]
    public async Task The_health_is_failed_until_writes_succeed_and_no_account_is_out_of_funds(string error, string begin, string end)
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = redis.ConnectionString,
            Timeout = TimeSpan.FromSeconds(5),
        });
        var guard = store.Guard(Environments.Development);
        await guard.StartingAsync(Stop);
        await guard.StartAsync(Stop);
        var (paid, unpaid, spent) = (new AccountUnderTest(store), new AccountUnderTest(store), new AccountUnderTest(store));
        await paid.PayAsync(1000);
        // Kept for good, and nothing of it changes when it is asked for more than it has.
        await spent.PayAsync(1_000_000_000);
        await spent.SpendAsync(1_000_000_000);
        await using var gateway = await LeasingGateway.StartAsync(store, new LeaseOptions(), long.MaxValue);
        await using var owner = await redis.ConnectAsync();

        await using var runner = await redis.ConnectAsync();
        await SendAsync(owner, begin, runner);
        var health = await HealthAsync(store, HealthStatus.Unhealthy);
        Assert.Contains(error, HealthResults.LastError(health.Data));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(paid, 10)).Outcome);
            Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(unpaid, 10)).Outcome);
            Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(spent, 10)).Outcome);
            Assert.Equal(CreditOutcome.Unavailable, (await store.Ledger.CreditAsync(AccountUnderTest.Packet(paid.Id, 5), Stop)).Outcome);
            await ReadAsync(store, paid.Id);
            Assert.Equal(HealthStatus.Unhealthy, (await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop)).Status);
        }

        await SendAsync(owner, end);
        await HealthAsync(store, HealthStatus.Degraded, HealthStatus.Healthy);
        await Eventually.TrueAsync("a visit is admitted", async () =>
            (await gateway.ReserveAsync(paid, 10)).Outcome == ReserveOutcome.Reserved ? true : (bool?)null);
        Assert.Equal(ReserveOutcome.NotEnough, (await gateway.ReserveAsync(unpaid, 10)).Outcome);
        await guard.StopAsync(Stop);
        guard.Dispose();
    }

    [Fact]
    public async Task A_store_that_loads_its_data_again_is_failed_meanwhile_and_no_account_is_out_of_funds()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = redis.ConnectionString,
            Timeout = TimeSpan.FromSeconds(5),
        });
        var guard = store.Guard(Environments.Development);
        await guard.StartingAsync(Stop);
        await guard.StartAsync(Stop);
        var account = new AccountUnderTest(store);
        await using var gateway = await LeasingGateway.StartAsync(store, new LeaseOptions(), long.MaxValue);

        await redis.LoadAgainAsync(keys: 10_000);

        await Eventually.TrueAsync("the store says that it loads", async () =>
        {
            Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(account, 10)).Outcome);
            var health = await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop);
            return HealthResults.LastError(health.Data)?.Contains("LOADING", StringComparison.Ordinal) == true ? health.Status
                : (HealthStatus?)null;
        });
        await HealthAsync(store, HealthStatus.Degraded, HealthStatus.Healthy);
        await Eventually.TrueAsync("a visit is judged by its money", async () =>
            (await gateway.ReserveAsync(account, 10)).Outcome == ReserveOutcome.NotEnough ? true : (bool?)null);
        await guard.StopAsync(Stop);
        guard.Dispose();
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, "CONFIG SET maxmemory 1")]
    [InlineData(0, "CONFIG SET min-replicas-to-write 1")]
    public async Task What_another_connection_would_not_end_cuts_none(int creditReplicas, string? begin)
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var owner = await redis.ConnectAsync();
        var time = new FakeTimeProvider();
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = redis.ConnectionString,
            CreditReplicas = creditReplicas,
            Timeout = TimeSpan.FromSeconds(1),
        }, time);
        var guard = store.Guard(Environments.Development);
        await guard.StartingAsync(Stop);
        await guard.StartAsync(Stop);
        if (begin is not null) await SendAsync(owner, begin);
        var before = await StatisticAsync("stats", "total_connections_received");

        for (var probes = 0; probes < 5; probes++)
        {
            var sent = await StatisticAsync("commandstats", "cmdstat_lpushx");
            time.Advance(TimeSpan.FromSeconds(10));
            await Eventually.TrueAsync("it was probed", async () =>
                await StatisticAsync("commandstats", "cmdstat_lpushx") != sent ? true : (bool?)null);
        }

        await HealthAsync(store, HealthStatus.Unhealthy);
        Assert.Equal(before, await StatisticAsync("stats", "total_connections_received"));
        await guard.StopAsync(Stop);
        guard.Dispose();

        async Task<string?> StatisticAsync(string section, string name) =>
            (await owner.GetServers()[0].InfoAsync(section)).SelectMany(group => group).FirstOrDefault(pair => pair.Key == name).Value;
    }

    [Fact]
    public async Task When_the_name_leads_to_another_server_the_gateway_follows_it_and_a_payment_under_way_counts_once()
    {
        var (firstPort, secondPort) = (FreePort.Find(), FreePort.Find());
        await using var first = new RedisServer("--port", $"{firstPort}", "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0");
        await first.StartAsync(Stop);
        await using var second = new RedisServer(
            "--port", $"{secondPort}", "--bind", "127.0.0.1", "--replicaof", "127.0.0.1", $"{firstPort}");
        await second.StartAsync(Stop);
        await using var name = new MovingName(first);
        using var store = LedgerStore.OnRedis(new RedisOptions
        {
            ConnectionString = name.ConnectionString,
            Timeout = TimeSpan.FromSeconds(5),
        });
        var guard = store.Guard(Environments.Development);
        await guard.StartingAsync(Stop);
        await guard.StartAsync(Stop);
        var account = new AccountUnderTest(store);
        var end = AccountUnderTest.InSeconds(300);
        var packet = AccountUnderTest.Packet(account.Id, 100) with { ExpiresAt = end, Deadline = end };
        await account.CreditAsync(packet);
        await using var ownerOfFirst = await first.ConnectAsync();
        await using var ownerOfSecond = await second.ConnectAsync();
        await Eventually.TrueAsync("the replica has the credit", async () =>
            await ownerOfSecond.GetDatabase().KeyExistsAsync(BalanceKeys.Account(account.Id), CommandFlags.DemandReplica)
                ? true : (bool?)null);

        // The fail-over: the old primary lives on as a replica, with the gateway's connections open.
        name.Target = second;
        await SendAsync(ownerOfSecond, "REPLICAOF NO ONE");
        await SendAsync(ownerOfFirst, $"REPLICAOF 127.0.0.1 {secondPort}");
        var outcome = await Eventually.TrueAsync("the new primary answers", async () =>
            (await store.Ledger.CreditAsync(packet, Stop)).Outcome is var result and not CreditOutcome.Unavailable
                ? result : (CreditOutcome?)null);

        Assert.Equal(CreditOutcome.AlreadyCounted, outcome);
        await HealthAsync(store, HealthStatus.Degraded, HealthStatus.Healthy);
        Assert.Equal(CreditOutcome.Credited, (await store.Ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 7), Stop)).Outcome);
        Assert.Equal("107", await ownerOfSecond.GetDatabase().HashGetAsync(BalanceKeys.Account(account.Id), "credited"));
        await guard.StopAsync(Stop);
        guard.Dispose();
    }

    [Fact]
    public async Task Visits_get_503_with_Retry_After_and_the_gateway_stays_ready_so_that_they_reach_it()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await PayableGateway.StartAsync(redis);
        await using var owner = await redis.ConnectAsync();
        var app = gateway.NewApp();
        using var unpaid = await gateway.GetAsync(gateway.UrlOf(app), "application/json");
        Assert.Equal(402, (int)unpaid.StatusCode);

        await SendAsync(owner, "CONFIG SET maxmemory 1");

        using var visit = await gateway.GetAsync(gateway.UrlOf(app), "application/json");
        Assert.Equal(503, (int)visit.StatusCode);
        Assert.NotNull(visit.Headers.RetryAfter);
        var health = await gateway.Management.GetStringAsync("/admin/health", Stop);
        Assert.Contains("The ledger takes no writes", health);
        Assert.Equal("ready\n", await gateway.Management.GetStringAsync("/health/ready", Stop));
    }

    private static async Task ReadAsync(LedgerStore store, AccountId account)
    {
        try
        {
            await store.Ledger.ReadAsync(account, Stop); // succeeds where only writes are refused
        }
        catch (LedgerUnavailableException)
        {
        }
    }

    private static async Task<HealthCheckResult> HealthAsync(LedgerStore store, params HealthStatus[] expected)
    {
        HealthCheckResult health = default;
        await Eventually.TrueAsync($"the ledger is {expected[0]}", async () =>
        {
            health = await store.Health.CheckHealthAsync(new HealthCheckContext(), Stop);
            return expected.Contains(health.Status) ? true : (bool?)null;
        });
        return health;
    }

    private static async Task SendAsync(ConnectionMultiplexer owner, string commands, ConnectionMultiplexer? runner = null)
    {
        foreach (var command in commands.Split('|'))
        {
            // A script without end gives no answer, and holds up its connection.
            if (command.StartsWith("EVAL ", StringComparison.Ordinal))
            {
                await runner!.GetDatabase().ExecuteAsync("EVAL", [command[5..], 0], CommandFlags.FireAndForget);
                continue;
            }
            var words = command.Split(' ');
            await owner.GetDatabase().ExecuteAsync(words[0], [.. words[1..]], CommandFlags.None);
        }
    }
}
