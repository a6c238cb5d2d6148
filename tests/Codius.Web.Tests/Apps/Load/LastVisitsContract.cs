using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Load;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Codius.Web.Tests.Apps.Load;

/// <summary>When apps were last visited, over several gateways and their restarts; each test has the key to itself.</summary>
public abstract class LastVisitsContract(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private static readonly HostedApp Hello = new("hello", "one", "an image");

    private readonly FakeTimeProvider _time = new(Now);

    public async ValueTask InitializeAsync() => await fixture.Store.Database.KeyDeleteAsync(LastVisits.Key);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_gateway_that_starts_later_knows_a_visit_at_another_to_the_minute_in_which_it_was()
    {
        using var one = Gateway();
        _time.Advance(TimeSpan.FromSeconds(30));
        one.Visit(Hello);
        _time.Advance(TimeSpan.FromSeconds(30));
        await one.Visits.WriteAsync();
        _time.Advance(TimeSpan.FromHours(5));
        await one.Visits.WriteAsync();

        using var later = Gateway();
        Assert.Equal([Now.AddSeconds(30), null], await later.Visits.ReadAsync(["hello", "never"]));
    }

    [Fact]
    public async Task The_latest_visit_counts_whichever_gateway_writes_last()
    {
        using var one = Gateway();
        using var other = Gateway();
        one.Visit(Hello);
        _time.Advance(TimeSpan.FromSeconds(20));
        other.Visit(Hello);
        await other.Visits.WriteAsync();
        await one.Visits.WriteAsync();

        using var reader = Gateway();
        Assert.Equal([Now.AddSeconds(20)], await reader.Visits.ReadAsync(["hello"]));
        // This one knows of a later one that is not written yet.
        _time.Advance(TimeSpan.FromSeconds(5));
        reader.Visit(Hello);
        Assert.Equal([Now.AddSeconds(25)], await reader.Visits.ReadAsync(["hello"]));
        Assert.Equal([Now.AddSeconds(20)], await one.Visits.ReadAsync(["hello"]));
    }

    [Fact]
    public async Task An_app_in_use_is_visited_now_and_one_of_a_clock_that_is_ahead_too()
    {
        using var one = Gateway();
        one.Activity.Begin(Hello);
        _time.Advance(TimeSpan.FromHours(1));
        await one.Visits.WriteAsync();
        await fixture.Store.Database.SortedSetAddAsync(LastVisits.Key, "ahead", Now.AddDays(1).ToUnixTimeMilliseconds());

        using var later = Gateway();
        Assert.Equal([Now.AddHours(1), Now.AddHours(1)], await later.Visits.ReadAsync(["hello", "ahead"]));
    }

    [Fact]
    public async Task A_gateway_that_stops_writes_what_it_has_and_what_is_idle_writes_nothing()
    {
        using var one = Gateway();
        await one.Visits.WriteAsync();
        Assert.False(await fixture.Store.Database.KeyExistsAsync(LastVisits.Key));
        one.Visit(Hello);

        await one.Visits.StopAsync(CancellationToken.None);

        using var later = Gateway();
        Assert.Equal([Now], await later.Visits.ReadAsync(["hello"]));
    }

    [Fact]
    public async Task Those_visited_longest_ago_are_forgotten()
    {
        foreach (var some in Enumerable.Range(0, LastVisits.Most + 5).Chunk(10_000))
            await fixture.Store.Database.SortedSetAddAsync(LastVisits.Key, [.. some.Select(i => new SortedSetEntry($"app-{i}", i))]);
        using var one = Gateway();
        one.Visit(Hello);

        await one.Visits.WriteAsync();

        Assert.Equal(LastVisits.Most, await fixture.Store.Database.SortedSetLengthAsync(LastVisits.Key));
        Assert.Equal([null, Now], await one.Visits.ReadAsync(["app-5", "hello"]));
    }

    private GatewayStage Gateway()
    {
        var activity = new AppActivity(_time);
        return new GatewayStage(activity, new LastVisits(activity, activity, fixture.Store.Store, Supervised.By(_time), _time));
    }

    private sealed record GatewayStage(AppActivity Activity, LastVisits Visits) : IDisposable
    {
        public void Visit(HostedApp app)
        {
            Activity.Begin(app);
            Activity.End(app);
        }

        public void Dispose() => Visits.Dispose();
    }
}

/// <summary>On Redis.</summary>
public sealed class RedisLastVisitsTests(RedisFixture fixture) : LastVisitsContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the gateway.</summary>
public sealed class GarnetLastVisitsTests(GarnetFixture fixture) : LastVisitsContract(fixture), IClassFixture<GarnetFixture>;
