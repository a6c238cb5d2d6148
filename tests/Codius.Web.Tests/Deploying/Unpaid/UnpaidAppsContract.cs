using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Unpaid;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;

namespace Codius.Web.Tests.Deploying.Unpaid;

/// <summary>An app that nobody pays for ends after days that were counted, and no other app does, on every kind of store.</summary>
public abstract class UnpaidAppsContract(StoreFixture fixture)
{
    private static readonly Uri Address = new("http://127.0.0.1:1");

    private readonly UnpaidStage _stage = new(fixture.Store);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_nobody_pays_for_is_deleted_after_ninety_days_and_its_version_says_how_many_are_left()
    {
        var app = await _stage.DeployAsync();
        Assert.Null(await _stage.Days.LeftAsync(app));

        await _stage.PassAsync(89);
        Assert.Equal(1, await _stage.Days.LeftAsync(app));
        Assert.True(await _stage.ExistsAsync(app));

        await _stage.PassAsync(1);
        Assert.False(await _stage.ExistsAsync(app));
        Assert.Equal(0, await _stage.CountedAsync(app));
    }

    [Fact]
    public async Task One_that_is_paid_on_day_89_begins_anew()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(89);

        await _stage.PayAsync(app.Name, UnpaidStage.Least);
        await _stage.PassAsync(1);
        Assert.Null(await _stage.Days.LeftAsync(app));

        await _stage.SpendAsync(app.Name, 1);
        await _stage.PassAsync(89);
        Assert.Equal(1, await _stage.Days.LeftAsync(app));
        Assert.True(await _stage.ExistsAsync(app));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, UnpaidStage.Least)]
    public async Task One_whose_money_is_used_up_before_each_look_is_paid(bool byHash, ulong parts)
    {
        var app = await _stage.DeployAsync();
        var account = byHash ? app.Hash : app.Name;

        for (var day = 1; day <= 100; day++)
        {
            await _stage.PayAsync(account, UnpaidStage.Least / parts);
            await _stage.SpendAsync(account, UnpaidStage.Least / parts);
            await _stage.PassAsync(1);
            Assert.InRange(await _stage.CountedAsync(app), 0, (int)parts);
        }

        Assert.True(await _stage.ExistsAsync(app));
    }

    [Fact]
    public async Task One_that_got_a_unit_less_than_a_wake_and_a_request_cost_in_ninety_days_ends()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(1);

        await _stage.PayAsync(app.Name, UnpaidStage.Least - 1);
        await _stage.SpendAsync(app.Name, UnpaidStage.Least - 1);
        await _stage.PassAsync(89);

        Assert.False(await _stage.ExistsAsync(app));
    }

    [Fact]
    public async Task A_record_of_an_earlier_release_counts_on()
    {
        var app = await _stage.DeployAsync();
        await _stage.PayAsync(app.Name, UnpaidStage.Least);
        await _stage.SpendAsync(app.Name, UnpaidStage.Least);
        await fixture.Store.Database.StringSetAsync($"codius:{{{app.Name}}}:unpaid",
            $"{UnpaidStage.Owner} {app.Hash} 7 {_stage.Time.GetUtcNow().ToUnixTimeMilliseconds()}");

        await _stage.PassAsync(1);

        Assert.Equal(8, await _stage.CountedAsync(app));
    }

    [Theory]
    [InlineData("paid")]
    [InlineData("hash paid")]
    [InlineData("awake")]
    [InlineData("waking")]
    [InlineData("the host's own")]
    public async Task One_is_not_counted_that_is(string state)
    {
        var app = await _stage.DeployAsync(isHosts: state == "the host's own");
        if (state.EndsWith("paid", StringComparison.Ordinal))
            await _stage.PayAsync(state == "paid" ? app.Name : app.Hash, UnpaidStage.Least);
        if (state == "awake") _stage.Runner.Set(app.Name, new AppState.Awake(Address));
        if (state == "waking") _stage.Runner.Set(app.Name, AppState.Waking);

        await _stage.PassAsync(1);

        Assert.Equal(0, await _stage.CountedAsync(app));
    }

    [Fact]
    public async Task One_is_counted_that_has_a_unit_less_than_a_wake_and_a_request_cost_or_has_failed()
    {
        var (poor, failed) = (await _stage.DeployAsync(), await _stage.DeployAsync());
        await _stage.PayAsync(poor.Name, UnpaidStage.Least - 1);
        _stage.Runner.Set(failed.Name, new AppState.Failed("It ended."));

        await _stage.PassAsync(1);

        Assert.Equal((1, 1), (await _stage.CountedAsync(poor), await _stage.CountedAsync(failed)));
    }

    [Fact]
    public async Task Two_gateways_that_look_at_once_count_one_day()
    {
        var apps = new List<StoredApp>();
        for (var i = 0; i < 20; i++) apps.Add(await _stage.DeployAsync());
        await _stage.EndTurnAsync();
        var other = _stage.OneMoreGateway();

        // Of all that come one looks; with the turn taken away, as if its time had passed, they look at the same time.
        var turns = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? _stage.Gateway : other).LookAsync(Stop).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await _stage.EndTurnAsync();
            await other.LookAsync(Stop);
        }));

        Assert.Single(turns, true);
        foreach (var app in apps) Assert.Equal(1, await _stage.CountedAsync(app));
    }

    [Fact]
    public async Task Two_gateways_that_count_the_same_app_at_the_same_moment_count_it_once()
    {
        var app = new HostedApp(new AccountUnderTest(fixture.Store).Id.ToString(), new string('a', 52), "nginx", UnpaidStage.Owner);

        for (var day = 1; day <= 20; day++)
        {
            var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
                Task.Run(() => _stage.Days.CountAsync(app, 0, UnpaidStage.Least).AsTask(), Stop)));
            Assert.All(counts, count => Assert.Equal(day, count));
            // Nor does one that comes later on that day.
            _stage.Time.Advance(UnpaidDays.LeastBetween / 2);
            Assert.Equal(day, await _stage.Days.CountAsync(app, 0, UnpaidStage.Least));
            _stage.Time.Advance(UnpaidDays.LeastBetween / 2);
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_a_year_counts_one_day()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(3);

        _stage.Time.Advance(TimeSpan.FromDays(365));
        await _stage.PassAsync(1);

        Assert.Equal(4, await _stage.CountedAsync(app));
    }

    [Fact]
    public async Task A_clock_that_was_a_year_ahead_counts_on_a_day_after_it_was_put_right()
    {
        var app = await _stage.DeployAsync();
        _stage.Time.Advance(TimeSpan.FromDays(365));
        await _stage.PassAsync(3);
        var late = new UnpaidStage(fixture.Store);
        await late.DeployAsync(app.Name);

        await late.PassAsync(1);
        Assert.Equal(3, await late.CountedAsync(app));
        await late.PassAsync(1);
        Assert.Equal(4, await late.CountedAsync(app));
    }

    [Fact]
    public async Task After_a_crash_in_the_middle_the_next_look_counts_what_is_left_and_nothing_twice()
    {
        var apps = new List<StoredApp>();
        for (var i = 0; i < 10; i++) apps.Add(await _stage.DeployAsync());
        await _stage.EndTurnAsync();
        var looked = 0;
        _stage.Runner.OnStateRead = _ =>
        {
            if (++looked == 6) throw new InvalidOperationException("the gateway ends here");
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => _stage.Gateway.LookAsync(Stop).AsTask());
        Assert.Equal(5, await SumAsync(apps));
        // The turn is not free at once.
        Assert.False(await _stage.OneMoreGateway().LookAsync(Stop));
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(UnpaidTurn.Key))!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(10));

        await _stage.EndTurnAsync();
        Assert.True(await _stage.OneMoreGateway().LookAsync(Stop));
        foreach (var app in apps) Assert.Equal(1, await _stage.CountedAsync(app));
    }

    [Fact]
    public async Task After_a_crash_between_the_last_day_and_the_deletion_the_next_look_deletes()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(89);
        _stage.Time.Advance(TimeSpan.FromDays(1));
        await _stage.Days.CountAsync(new HostedApp(app.Name, app.Hash, "nginx", app.Owner), 0, UnpaidStage.Least);

        await _stage.EndTurnAsync();
        await _stage.Gateway.LookAsync(Stop);

        Assert.False(await _stage.ExistsAsync(app));
    }

    [Fact]
    public async Task While_the_store_of_apps_is_away_nothing_is_counted_or_deleted()
    {
        var (old, young) = (await _stage.DeployAsync(), await _stage.DeployAsync());
        await _stage.PayAsync(young.Name, UnpaidStage.Least);
        await _stage.PassAsync(89);
        await _stage.SpendAsync(young.Name, 1);
        _stage.Time.Advance(TimeSpan.FromDays(1));
        await _stage.EndTurnAsync();

        _stage.Apps.IsAway = true;
        await Assert.ThrowsAsync<AppStoreUnavailableException>(() => _stage.Gateway.LookAsync(Stop).AsTask());
        _stage.Apps.IsAway = false;

        Assert.True(await _stage.ExistsAsync(old));
        Assert.Equal((89, 0), (await _stage.CountedAsync(old), await _stage.CountedAsync(young)));
        await _stage.PassAsync(1);
        Assert.False(await _stage.ExistsAsync(old));
    }

    [Fact]
    public async Task Another_version_and_another_owners_app_begin_at_one()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(5);

        var newer = await _stage.DeployAsync(app.Name, version: 1);
        Assert.Null(await _stage.Days.LeftAsync(newer));
        await _stage.PassAsync(1);
        Assert.Equal(1, await _stage.CountedAsync(newer));

        await _stage.Apps.DeleteAsync(app.Name, UnpaidStage.Owner, Stop);
        var others = await _stage.DeployAsync(app.Name, AccountId.OfDeployToken("bob"), version: 1);
        Assert.Null(await _stage.Days.LeftAsync(others));
        await _stage.PassAsync(1);
        Assert.Equal(1, await _stage.CountedAsync(others));
    }

    [Fact]
    public async Task A_record_ends_by_itself_and_the_turn_after_a_day()
    {
        var app = await _stage.DeployAsync();
        await _stage.PassAsync(1);

        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync($"codius:{{{app.Name}}}:unpaid"))!.Value,
            UnpaidDays.Kept - TimeSpan.FromMinutes(5), UnpaidDays.Kept);
        Assert.Equal("codius:{:unpaid}", UnpaidTurn.Key);
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(UnpaidTurn.Key))!.Value,
            TimeSpan.FromHours(23.9), TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_gateway_looks_again_and_again_and_goes_on_after_a_look_that_failed()
    {
        var app = await _stage.DeployAsync();
        await _stage.EndTurnAsync();
        var failed = false;
        _stage.Runner.OnStateRead = _ =>
        {
            if (failed) return;
            failed = true;
            throw new LedgerUnavailableException("away");
        };
        using var watch = new UnpaidAppsWatch(
            _stage.Gateway, Supervised.By(_stage.Time), _stage.Time, NullLogger<UnpaidAppsWatch>.Instance);
        await watch.StartAsync(Stop);

        await Eventually.TrueAsync<bool>("the first look has failed", async () =>
        {
            _stage.Time.Advance(TimeSpan.FromMinutes(10));
            return failed ? await Task.FromResult(true) : null;
        });
        await _stage.EndTurnAsync();
        await Eventually.TrueAsync<bool>("the day is counted", async () =>
        {
            _stage.Time.Advance(TimeSpan.FromMinutes(10));
            return await _stage.CountedAsync(app) == 1 ? true : null;
        });
        await watch.StopAsync(Stop);
    }

    private async Task<int> SumAsync(IEnumerable<StoredApp> apps)
    {
        var sum = 0;
        foreach (var app in apps) sum += await _stage.CountedAsync(app);
        return sum;
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisUnpaidAppsTests(RedisFixture fixture) : UnpaidAppsContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetUnpaidAppsTests(GarnetFixture fixture) : UnpaidAppsContract(fixture), IClassFixture<GarnetFixture>;
