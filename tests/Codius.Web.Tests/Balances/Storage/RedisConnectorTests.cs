using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.Extensions.Hosting;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>A gateway that starts before its Redis.</summary>
public sealed class RedisConnectorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_that_starts_first_waits_for_its_Redis()
    {
        await using var redis = new RedisServer();
        await using var name = new MovingName();
        var opening = Task.Run(() => LedgerStore.OnRedis(Options(name.ConnectionString, TimeSpan.FromSeconds(30))), Stop);
        await name.AttemptAsync(Stop);
        await name.AttemptAsync(Stop);
        await redis.StartAsync(Stop);
        name.Target = redis;

        using var store = await opening;

        await store.Guard(Environments.Development).StartingAsync(Stop);
        Assert.Null(await store.Health.ProbeAsync(Stop));
    }

    [Fact]
    public async Task After_the_time_to_connect_it_says_so_and_ends()
    {
        await using var name = new MovingName();

        var fault = Assert.Throws<StartupFaultException>(() =>
            LedgerStore.OnRedis(Options(name.ConnectionString, TimeSpan.FromSeconds(1.5))));

        Assert.StartsWith(
            $"Redis:ConnectionString: {name.ConnectionString} cannot be reached, or takes no commands; it was tried for 00:00:01.5000000 "
            + "(Redis:ConnectTimeout). The last answer: ", Assert.Single(fault.Faults), StringComparison.Ordinal);
        await name.AttemptAsync(Stop);
        await name.AttemptAsync(Stop); // it was tried more than once
    }

    [Fact]
    public async Task A_Redis_that_is_still_loading_its_data_is_waited_for()
    {
        await using var redis = await LoadingAsync(keys: 4000);

        using var store = await Task.Run(() => LedgerStore.OnRedis(Options(redis.ConnectionString, TimeSpan.FromSeconds(30))), Stop);
        await store.Guard(Environments.Development).StartingAsync(Stop);

        Assert.Equal(4000, await store.Database.StringGetAsync("last"));
        Assert.Null(await store.Health.ProbeAsync(Stop));
    }

    [Fact]
    public async Task One_that_is_loading_for_longer_counts_as_not_there()
    {
        await using var redis = await LoadingAsync(keys: 30_000);

        var fault = await Assert.ThrowsAsync<StartupFaultException>(() => Task.Run(async () =>
        {
            using var store = LedgerStore.OnRedis(Options(redis.ConnectionString, TimeSpan.FromSeconds(1)));
            await store.Guard(Environments.Development).StartingAsync(Stop);
        }, Stop));

        Assert.Contains("(Redis:ConnectTimeout)", Assert.Single(fault.Faults));
    }

    [Fact]
    public async Task A_whole_gateway_waits_as_well()
    {
        await using var redis = new RedisServer();
        await using var name = new MovingName();
        var starting = Task.Run(() => GatewayUnderTest.StartAsync(
            [$"Redis:ConnectionString={name.ConnectionString}", "Redis:ConnectTimeout=00:00:30"]), Stop);
        await name.AttemptAsync(Stop);
        await redis.StartAsync(Stop);
        name.Target = redis;

        await using var gateway = await starting;

        using var client = gateway.Client();
        using var answer = await client.GetAsync($"http://{GatewayUnderTest.Domain}/", Stop);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static RedisOptions Options(string connection, TimeSpan connectTimeout) => new()
    {
        ConnectionString = connection,
        ConnectTimeout = connectTimeout,
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>A Redis with data, started again and answering LOADING: a millisecond for each key.</summary>
    private static async Task<RedisServer> LoadingAsync(int keys)
    {
        var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await redis.LoadAgainAsync(keys);
        return redis;
    }
}
