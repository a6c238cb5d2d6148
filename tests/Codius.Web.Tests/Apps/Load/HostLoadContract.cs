using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Load;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Load;

/// <summary>What several gateways on one store have on hand; each test has the keys to itself.</summary>
public abstract class HostLoadContract(StoreFixture fixture) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly LiveGateways _gateways = new() { Count = 2 };

    public async ValueTask InitializeAsync() => await fixture.Store.Database.KeyDeleteAsync(HostLoad.Gateways);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_gateway_sees_the_sum_of_all_by_app_too()
    {
        using var one = Gateway(500, ("hello", 2), ("slow", 3));
        using var other = Gateway(70, ("slow", 1));
        await one.Load.WriteAsync();
        await other.Load.WriteAsync();

        foreach (var seen in new[] { await one.Load.ReadAsync(), await other.Load.ReadAsync() })
        {
            Assert.Equal((6, 570UL), (seen.Waiting, seen.Leased));
            Assert.Equal([("hello", 2), ("slow", 4)], seen.ByApp.Select(app => (app.Key, app.Value)).Order());
        }
    }

    [Fact]
    public async Task What_changes_is_written_and_what_does_not_is_written_again_before_it_ends()
    {
        using var one = Gateway(500, ("hello", 2));
        using var other = Gateway(0);
        await one.Load.WriteAsync();
        var key = HostLoad.KeyOf(Assert.Single(await WrittenAsync()));
        await fixture.Store.Database.StringSetAsync(key, "1 1");

        await one.Load.WriteAsync();
        Assert.Equal("1 1", (string?)await fixture.Store.Database.StringGetAsync(key));
        _time.Advance(HostLoad.Lifetime / 2);
        await one.Load.WriteAsync();
        Assert.Equal(500UL, (await other.Load.ReadAsync()).Leased);
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromTicks(1), HostLoad.Lifetime);

        one.Waiting.ByApp.Clear();
        await one.Load.WriteAsync();
        Assert.Equal(0, (await other.Load.ReadAsync()).Waiting);
    }

    [Fact]
    public async Task A_gateway_with_nothing_on_hand_and_the_only_one_of_a_host_write_nothing()
    {
        using var idle = Gateway(0);
        await idle.Load.WriteAsync();
        Assert.Empty(await WrittenAsync());

        _gateways.Count = 1;
        using var only = Gateway(500, ("hello", 2));
        await only.Load.WriteAsync();
        Assert.Empty(await WrittenAsync());
        Assert.Equal((2, 500UL), (await only.Load.ReadAsync() is var seen ? (seen.Waiting, seen.Leased) : default));
    }

    [Fact]
    public async Task A_gateway_that_crashed_ends_and_is_forgotten_and_one_that_stops_is_gone_at_once()
    {
        using var crashed = Gateway(500, ("hello", 2));
        using var stopped = Gateway(30, ("hello", 1));
        using var reader = Gateway(4);
        await crashed.Load.WriteAsync();
        var id = Assert.Single(await WrittenAsync());
        await stopped.Load.WriteAsync();
        Assert.Equal(534UL, (await reader.Load.ReadAsync()).Leased);

        await stopped.Load.StopAsync(CancellationToken.None);
        Assert.Equal([id], await WrittenAsync());
        // As its end does.
        await fixture.Store.Database.KeyDeleteAsync(HostLoad.KeyOf(id));
        Assert.Equal(4UL, (await reader.Load.ReadAsync()).Leased);
        Assert.Empty(await WrittenAsync());
    }

    [Fact]
    public async Task Of_very_many_apps_a_part_is_written_and_the_sum_is_of_all()
    {
        using var one = Gateway(0, [.. Enumerable.Range(0, GatewayLoad.MostApps + 5).Select(i => ($"app-{i}", 1))]);
        using var other = Gateway(0);
        await one.Load.WriteAsync();

        var seen = await other.Load.ReadAsync();

        Assert.Equal((GatewayLoad.MostApps + 5, GatewayLoad.MostApps), (seen.Waiting, seen.ByApp.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("1 2 3")]
    [InlineData("-1 5")]
    public void What_is_no_load_counts_nothing(string text) => Assert.True(GatewayLoad.Parse(text).IsNone);

    private async Task<IReadOnlyList<string>> WrittenAsync() =>
        [.. (await fixture.Store.Database.SetMembersAsync(HostLoad.Gateways)).Select(id => (string)id!)];

    private GatewayStage Gateway(ulong leased, params (string App, int Waiting)[] waiting)
    {
        var leases = new OutstandingLeases(1_000);
        leases.Reserve(leased, 0);
        var visits = new Waiting { ByApp = waiting.ToDictionary(app => app.App, app => app.Waiting) };
        return new GatewayStage(new HostLoad(visits, leases, _gateways, fixture.Store.Store, Supervised.By(_time), _time), visits);
    }

    private sealed record GatewayStage(HostLoad Load, Waiting Waiting) : IDisposable
    {
        public void Dispose() => Load.Dispose();
    }

    private sealed class Waiting : IWaitingVisits
    {
        public required Dictionary<string, int> ByApp { get; init; }

        public int Total => ByApp.Values.Sum();

        IReadOnlyDictionary<string, int> IWaitingVisits.ByApp => ByApp;
    }
}

/// <summary>On Redis.</summary>
public sealed class RedisHostLoadTests(RedisFixture fixture) : HostLoadContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the gateway.</summary>
public sealed class GarnetHostLoadTests(GarnetFixture fixture) : HostLoadContract(fixture), IClassFixture<GarnetFixture>;
