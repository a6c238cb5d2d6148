using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Tests.Balances;

namespace Codius.Web.Tests.Sleeping;

/// <summary>When an app is put to sleep since the host's owner wants it.</summary>
public sealed class SteeredSleepTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private static readonly AppSteering Blocked = new(null, null, "No.", 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LedgerStore Store => fixture.Store;

    [Fact]
    public async Task A_blocked_app_is_put_to_sleep_also_in_the_middle_of_a_request_and_keeps_its_money()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Activity.Begin(one.App);

        one.Steering.Set(one.App.Name, Blocked);

        await one.IsPutToSleepAsync();
        Assert.Equal(1_000_000UL, (await one.Account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task So_is_one_that_wakes()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Become(AppState.Waking);
        await one.EvaluatedAsync();

        one.Steering.Set(one.App.Name, Blocked);

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task An_app_is_put_to_sleep_once_for_each_request()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        await one.Steering.RequestSleepAsync(one.App.Name, Stop);
        await one.IsPutToSleepAsync();

        one.Become(new AppState.Awake(new Uri("http://127.0.0.1:2")));
        await one.EvaluatedAsync();
        one.IsAwake();

        await one.Steering.RequestSleepAsync(one.App.Name, Stop);
        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task A_gateway_that_does_not_lead_leaves_it_to_the_one_that_does()
    {
        await using var one = await OneApp.AwakeAsync(Store, leads: false);

        one.Steering.Set(one.App.Name, Blocked);
        await one.Steering.RequestSleepAsync(one.App.Name, Stop);
        await one.EvaluatedAsync();

        one.IsAwake();
    }

    [Fact]
    public async Task A_price_of_its_own_decides_whether_an_app_has_the_funds_for_its_next_request()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000, perRunningHour: 0);
        await one.EvaluatedAsync();
        one.IsAwake();

        one.Steering.Set(one.App.Name, new AppSteering(1_001, null, null, 1));

        await one.IsPutToSleepAsync();
    }
}
