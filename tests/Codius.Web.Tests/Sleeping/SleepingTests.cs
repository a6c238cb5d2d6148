using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;

namespace Codius.Web.Tests.Sleeping;

/// <summary>When an app is put to sleep, on a real ledger; the machine's clock is the test's, the ledger's is real.</summary>
public sealed class SleepingTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    /// <summary>A million units a millisecond: every bill by the ledger's own clock debits all there is.</summary>
    private const ulong Dear = 3_600_000_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LedgerStore Store => fixture.Store;

    [Fact]
    public async Task An_idle_app_is_put_to_sleep_and_keeps_its_money()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Activity.Begin(one.App);
        one.Activity.End(one.App);

        await one.PassAsync(59);
        one.IsAwake();
        await one.PassAsync(2);

        await one.IsPutToSleepAsync();
        Assert.Equal(1_000_000UL, (await one.Account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task A_watch_that_broke_in_a_way_nobody_foresaw_goes_on_and_puts_the_app_to_sleep()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Runner.SleepFails = new FormatException("not foreseen");
        var watches = one.Supervisor.Records.Single(record => record.Status.Name == "watches over awake apps");
        one.Time.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync("the watch broke", () => watches.Status.LastError == "FormatException: not foreseen");

        while (!one.IsAsleep)
        {
            Cancellation.ThrowIfCancellationRequested();
            one.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await one.IsPutToSleepAsync();
        await Eventually.TrueAsync("the watch ended well", () => !watches.Status.IsFailing);
    }

    [Fact]
    public async Task An_app_that_was_woken_and_never_visited_is_idle_too()
    {
        await using var one = await OneApp.AwakeAsync(Store);

        await one.PassAsync(59);
        one.IsAwake();
        await one.PassAsync(2);

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task An_open_socket_keeps_an_app_awake_and_idleness_counts_from_its_end()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Activity.Begin(one.App);
        for (var minutes = 0; minutes < 10; minutes++) await one.PassAsync(60);
        one.IsAwake();

        one.Activity.End(one.App);
        await one.PassAsync(59);
        one.IsAwake();
        await one.PassAsync(2);

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task What_happened_before_a_wake_does_not_make_it_idle()
    {
        await using var one = await OneApp.AwakeAsync(Store);
        one.Activity.Begin(one.App);
        one.Activity.End(one.App);
        await one.PassAsync(61);
        await one.IsPutToSleepAsync();
        await one.PassAsync(3600);

        one.Become(AppState.Waking);
        await one.PassAsync(50);
        one.Become(new AppState.Awake(new Uri("http://127.0.0.1:2")));
        await one.PassAsync(59);
        one.IsAwake();
        await one.PassAsync(2);

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task Running_time_is_billed_each_minute()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000_000_000_000, perRunningHour: Dear);
        one.Activity.Begin(one.App);
        await one.PassAsync(60); // the first bill of an account starts its clock
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);

        await one.PassAsync(59);
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
        await one.PassAsync(1);

        Assert.NotEqual(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
        one.IsAwake();
    }

    [Fact]
    public async Task An_app_that_can_pay_one_more_interval_is_billed_after_it()
    {
        var price = RunningInterval.PriceOf(Dear);
        await using var one = await OneApp.AwakeAsync(Store, funds: price, perRunningHour: Dear);
        one.Activity.Begin(one.App);
        await FundsSeenAsync(one, price);
        await one.PassAsync(60); // the first bill of an account starts its clock

        await one.PassAsync(59);
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
        await one.PassAsync(1);

        Assert.NotEqual(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
    }

    [Fact]
    public async Task While_no_gateway_leads_what_runs_is_billed_and_an_app_without_funds_gets_no_more_requests()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 5_000, perRunningHour: Dear, leads: false);
        one.Activity.Begin(one.App);
        await RanUntilAsync(one, secondsAgo: 70);

        await one.PassAsync(60);

        one.IsAwake(); // only the leader puts it to sleep
        Assert.Equal(new Balance(5_000, 0, 5_000, 0), await one.Account.BalanceAsync());
        Assert.Equal(LeaseOutcome.NotEnough, (await one.Account.LeaseAsync("any gateway", 1, wanted: 10)).Outcome);
    }

    [Fact]
    public async Task What_an_app_owes_when_it_falls_asleep_is_written_off()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 5_000, perRunningHour: Dear);
        await one.Account.LeaseAsync("a gateway", 1, wanted: 5_000, lifetime: TimeSpan.FromMinutes(5));
        await one.PassAsync(30); // starts the clock

        await one.PassAsync(31);
        await one.IsPutToSleepAsync();

        var account = BalanceKeys.Account(one.Account.Id);
        await Eventually.TrueAsync("it is written off",
            async () => (await Store.Database.HashGetAsync(account, "writtenOff")).HasValue ? true : (bool?)null);
    }

    [Fact]
    public async Task While_a_gateway_leads_the_others_leave_the_bills_to_it()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000_000_000_000, perRunningHour: Dear, leads: false);
        one.Activity.Begin(one.App);
        await RanUntilAsync(one, secondsAgo: 1); // the leader has billed

        await one.PassAsync(60);

        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
    }

    [Fact]
    public async Task Funds_out_means_asleep_within_seconds_whatever_is_open()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 5_000, perRunningHour: Dear);
        one.Activity.Begin(one.App);

        // Less than the minute after which every app is billed.
        for (var steps = 0; steps < 11 && !one.IsAsleep; steps++) await one.PassAsync(5);

        Assert.True(one.IsAsleep);
        await one.IsPutToSleepAsync();
        Assert.Equal(new Balance(5_000, 0, 5_000, 0), await one.Account.BalanceAsync());
    }

    [Fact]
    public async Task An_app_that_cannot_pay_its_next_request_is_put_to_sleep_at_once_when_nothing_is_open()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 100);

        await one.Account.SpendAsync(95); // a request costs 10

        await one.IsPutToSleepAsync();
        Assert.Equal(5UL, (await one.Account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task What_is_open_may_end_before_an_app_that_cannot_pay_a_request_is_put_to_sleep()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 100);
        one.Activity.Begin(one.App);
        await one.Account.SpendAsync(95);
        await FundsSeenAsync(one, 5);
        await one.EvaluatedAsync();
        one.IsAwake();

        one.Activity.End(one.App);
        await one.EvaluatedAsync();

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task An_account_that_was_never_paid_is_out_of_funds_with_the_first_bill()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 0);
        one.Activity.Begin(one.App);

        await one.PassAsync(60);

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task An_app_that_is_still_waking_is_not_put_to_sleep_under_those_who_wait()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 5_000, perRunningHour: Dear);
        one.Become(AppState.Waking);

        await one.PassAsync(60);
        await one.PassAsync(60);
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Funds);
        one.IsAwake();
        one.Become(new AppState.Awake(new Uri("http://127.0.0.1:2")));

        await one.IsPutToSleepAsync();
    }

    [Fact]
    public async Task The_time_since_the_last_bill_is_paid_when_an_app_falls_asleep_and_when_the_gateway_ends()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000_000_000_000, perRunningHour: Dear);
        one.Activity.Begin(one.App);
        await one.PassAsync(60); // starts the clock
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);

        await one.EndAsync();

        Assert.NotEqual(0UL, (await one.Account.BalanceAsync())!.Value.Spent);
    }

    [Theory]
    [InlineData(nameof(FailureCause.Host))]
    [InlineData(nameof(FailureCause.Image))]
    public async Task The_time_awake_is_paid_though_the_app_cannot_be_started_again_then(string cause)
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000_000_000_000, perRunningHour: Dear);
        one.Activity.Begin(one.App);
        await one.PassAsync(60); // starts the clock
        Assert.Equal(0UL, (await one.Account.BalanceAsync())!.Value.Spent);

        one.Become(AppState.Waking);
        await one.PassAsync(1);
        one.Become(new AppState.Failed("the node went away") { Cause = Enum.Parse<FailureCause>(cause) });

        await Eventually.TrueAsync("it is billed", async () => await SpentAsync(one) > 0 ? true : (bool?)null);
    }

    [Fact]
    public async Task A_start_that_the_app_failed_is_paid_though_the_next_one_was_refused_before_anyone_saw()
    {
        await using var one = await OneApp.AwakeAsync(Store, funds: 1_000_000_000_000, perRunningHour: Dear);
        await one.PassAsync(61);
        await one.IsPutToSleepAsync();
        var spent = (await one.Account.BalanceAsync())!.Value.Spent;
        one.Become(AppState.Waking);
        await one.PassAsync(1);

        one.Become(new AppState.Failed("it broke thrice") { Refused = true });

        await Eventually.TrueAsync("it is billed", async () => await SpentAsync(one) > spent ? true : (bool?)null);
    }

    [Fact]
    public async Task While_the_ledger_cannot_be_asked_an_app_stays_awake()
    {
        await using var server = new RedisServer();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var store = LedgerStore.OnRedis(server);
        await using var one = await OneApp.AwakeAsync(store, funds: 5_000, perRunningHour: Dear);
        one.Activity.Begin(one.App);
        await one.PassAsync(60);
        await server.KillAsync();

        for (var minutes = 0; minutes < 2; minutes++)
        {
            one.Time.Advance(TimeSpan.FromMinutes(1));
            await one.EvaluatedAsync();
        }

        one.IsAwake();
    }

    private async Task RanUntilAsync(OneApp one, int secondsAgo) =>
        await Store.Database.HashSetAsync(BalanceKeys.Account(one.Account.Id),
            [new("ranUntil", (await one.Account.StoreTimeAsync()).AddSeconds(-secondsAgo).ToUnixTimeMilliseconds())]);

    /// <summary>While a bill may come: the account's own reader reads twice.</summary>
    private async Task<ulong> SpentAsync(OneApp one) => (await Store.Ledger.ReadAsync(one.Account.Id, Cancellation))!.Value.Spent;

    private static async Task FundsSeenAsync(OneApp one, ulong funds)
    {
        await foreach (var seen in one.Changes.WatchAsync(one.Account.Id, TestContext.Current.CancellationToken))
        {
            if (seen == funds) return;
        }
    }
}
