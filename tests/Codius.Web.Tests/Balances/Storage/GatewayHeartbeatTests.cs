using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Tests.Balances.Storage;

public sealed class GatewayHeartbeatOnRedisTests(RedisFixture fixture) : GatewayHeartbeatContract(fixture), IClassFixture<RedisFixture>;

public sealed class GatewayHeartbeatOnGarnetTests(GarnetFixture fixture)
    : GatewayHeartbeatContract(fixture), IClassFixture<GarnetFixture>;

/// <summary>The gateways on one store count each other, so that a limit holds for all of them together.</summary>
public abstract class GatewayHeartbeatContract(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LedgerStore Store => fixture.Store;

    [Fact]
    public async Task Gateways_that_beat_are_counted_once_each_and_one_that_stops_no_longer()
    {
        await Store.Database.KeyDeleteAsync("codius:gateways");
        var (one, two) = (new LiveGateways(), new LiveGateways());
        using var first = On(one);
        using var second = On(two);

        await first.BeatAsync();
        await second.BeatAsync();
        await second.BeatAsync();
        await first.BeatAsync();
        Assert.Equal((2, 2), (one.Count, two.Count));

        await second.StopAsync(Stop);
        await first.BeatAsync();
        Assert.Equal(1, one.Count);
    }

    [Fact]
    public async Task One_that_crashed_is_counted_until_its_last_heartbeat_is_too_old_and_nothing_of_it_stays()
    {
        await Store.Database.KeyDeleteAsync("codius:gateways");
        var live = new LiveGateways();
        using var heartbeat = On(live);
        var now = TimeProvider.System.GetUtcNow();
        await Store.Database.SortedSetAddAsync("codius:gateways", "crashed just now", now.ToUnixTimeMilliseconds());
        await Store.Database.SortedSetAddAsync("codius:gateways", "crashed before",
            (now - GatewayHeartbeat.Lifetime - TimeSpan.FromSeconds(1)).ToUnixTimeMilliseconds());

        await heartbeat.BeatAsync();

        Assert.Equal(2, live.Count);
        Assert.Equal(2, await Store.Database.SortedSetLengthAsync("codius:gateways"));
        Assert.InRange((await Store.Database.KeyTimeToLiveAsync("codius:gateways"))!.Value, TimeSpan.Zero, GatewayHeartbeat.Lifetime);
    }

    [Fact]
    public async Task With_each_heartbeat_a_gateway_learns_the_stores_time_until_which_new_leases_may_begin()
    {
        var storeTime = new StoreTime();
        using var heartbeat = On(new LiveGateways(), storeTime);
        var account = new AccountUnderTest(Store);
        await account.PayAsync(100);
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync(storeTime.NewLeaseId(), 1, wanted: 10)).Outcome);

        await heartbeat.BeatAsync();

        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync(storeTime.NewLeaseId(), 1, wanted: 10)).Outcome);
    }

    private GatewayHeartbeat On(LiveGateways live, StoreTime? storeTime = null) =>
        new(Store.Store, Store.Scripts, live, storeTime ?? new StoreTime(), Supervised.By(), TimeProvider.System);
}
