using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances;

/// <summary>The ledger's contract for what a wake pays and for what becomes of it, on every kind of store.</summary>
public abstract class WakeContract(StoreFixture fixture)
{
    private const ulong PerHour = 3_600_000; // a unit per millisecond
    private const ulong Minute = 60_000;
    private const ulong Paid = 1_000_000;

    [Fact]
    public async Task A_wake_that_is_given_back_costs_nothing_and_is_given_back_once()
    {
        var account = await PaidAsync();
        Assert.Equal(SpendOutcome.NoAccount, (await new AccountUnderTest(fixture.Store).GiveBackAsync()).Outcome);
        await account.BillAsync(PerHour, waking: true);

        Assert.Equal(new RunningResult(SpendOutcome.Done, 0, Paid, Minute), await account.GiveBackAsync());
        Assert.Equal(new RunningResult(SpendOutcome.Repeated, 0, Paid), await account.GiveBackAsync());
        Assert.Equal(new RunningResult(SpendOutcome.Repeated, 0, Paid), await account.EarnAsync());
        Assert.Equal(new Balance(Paid, Paid, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_wake_that_is_earned_is_never_given_back()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);

        Assert.Equal(new RunningResult(SpendOutcome.Done, 0, Paid - Minute), await account.EarnAsync());
        Assert.Equal(new RunningResult(SpendOutcome.Repeated, 0, Paid - Minute), await account.GiveBackAsync());
    }

    [Fact]
    public async Task Whatever_number_of_gateways_reports_the_end_the_first_one_counts()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            fixture.Store.Ledger.EndWakeAsync(new WakeEnd(account.Id, "a test"), TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal([Minute], results.Where(result => result.Outcome == SpendOutcome.Done).Select(result => result.Returned));
        Assert.Equal(new Balance(Paid, Paid, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task The_bill_of_an_awake_app_earns_what_its_wake_paid()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await account.BillAsync(PerHour, earned: true);

        Assert.Equal(SpendOutcome.Repeated, (await account.GiveBackAsync()).Outcome);
    }

    [Fact]
    public async Task What_a_long_start_is_billed_is_given_back_with_it()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 100);
        var more = (await account.BillAsync(PerHour)).Debited;
        Assert.InRange(more, 40_000UL, 60_000UL);

        Assert.Equal(Minute + more, (await account.GiveBackAsync()).Returned);
        Assert.Equal(new Balance(Paid, Paid, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Time_in_which_containers_of_the_app_ran_is_not_given_back()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 20);

        Assert.InRange((await account.GiveBackAsync(PerHour, ran: true)).Returned, 20_000UL, 40_000UL);
        // Nor is it billed again.
        Assert.InRange((await account.BillAsync(PerHour)).Debited, 0UL, 10_000UL);
    }

    [Fact]
    public async Task An_app_that_ran_longer_than_it_paid_gets_nothing_back()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 100);

        Assert.Equal(new RunningResult(SpendOutcome.Done, 0, Paid - Minute), await account.GiveBackAsync(PerHour, ran: true));
    }

    [Fact]
    public async Task A_bill_after_a_wake_was_given_back_starts_there()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 50);
        await account.GiveBackAsync();

        Assert.InRange((await account.BillAsync(PerHour)).Debited, 0UL, 10_000UL);
    }

    [Fact]
    public async Task A_wake_whose_end_no_gateway_reported_pays_for_the_next_one()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 3600);

        Assert.Equal(new RunningResult(SpendOutcome.Done, Minute, Paid - Minute, Minute), await account.BillAsync(PerHour, waking: true));
        await account.GiveBackAsync();
        Assert.Equal(new Balance(Paid, Paid, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task An_app_that_failed_by_itself_pays_for_each_wake()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await StartedAsync(account, secondsAgo: 3600);

        Assert.Equal(new RunningResult(SpendOutcome.Done, Minute, Paid - (2 * Minute)),
            await account.BillAsync(PerHour, waking: true, earned: true));
    }

    [Fact]
    public async Task The_last_minute_of_an_account_pays_for_a_wake_as_often_as_it_comes_back()
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(Minute);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(SpendOutcome.Done, (await account.BillAsync(PerHour, waking: true)).Outcome);
            if (i == 1) await account.GiveBackAsync();
        }
        await account.EarnAsync();
        await RanUntilAsync(account, secondsAgo: 1); // within the millisecond of the last bill, a wake costs nothing more

        Assert.Equal(SpendOutcome.NotEnough, (await account.BillAsync(PerHour, waking: true)).Outcome);
        Assert.Equal(new Balance(Minute, 0, Minute, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Minutes_paid_before_a_wake_that_is_given_back_stay_paid()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await account.EarnAsync();
        await account.BillAsync(PerHour, waking: true); // a moment later: pays for that moment
        var before = (await account.BalanceAsync())!.Value.Spent;
        await account.GiveBackAsync();

        Assert.InRange(before, Minute, Minute + 10_000);
        Assert.Equal(new Balance(Paid, Paid - Minute, Minute, 0), await account.BalanceAsync());
        Assert.Equal(0UL, (await account.BillAsync(PerHour)).Debited);
    }

    [Fact]
    public async Task What_was_refunded_by_hand_is_not_given_back_again()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await account.RefundAsync(Minute - 1, "by hand");

        Assert.Equal(1UL, (await account.GiveBackAsync()).Returned);
        Assert.Equal(new Balance(Paid, Paid, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task The_wake_of_an_old_owner_does_not_pay_for_a_new_ones()
    {
        var account = await PaidAsync();
        await account.BillAsync(PerHour, waking: true);
        await account.ForfeitAsync("deleted");

        Assert.Equal(SpendOutcome.NotEnough, (await account.BillAsync(PerHour, waking: true)).Outcome);
        Assert.Equal(SpendOutcome.Repeated, (await account.GiveBackAsync()).Outcome);
    }

    [Theory]
    [InlineData((1UL << 53) + 1)]
    [InlineData((ulong)long.MaxValue)]
    public async Task Wakes_of_any_price_are_given_back_exactly(ulong perHour)
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(long.MaxValue);
        var paid = (await account.BillAsync(perHour, waking: true)).Debited;

        var again = await account.BillAsync(perHour, waking: true);
        Assert.Equal(new RunningResult(SpendOutcome.Done, paid, long.MaxValue - paid, paid), again);
        Assert.Equal(new RunningResult(SpendOutcome.Done, 0, long.MaxValue, paid), await account.GiveBackAsync(perHour));
        Assert.Equal(new Balance(long.MaxValue, long.MaxValue, 0, 0), await account.BalanceAsync());
    }

    private async Task<AccountUnderTest> PaidAsync()
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(Paid);
        return account;
    }

    /// <summary>Sets the account's wake back in time.</summary>
    private async Task RanUntilAsync(AccountUnderTest account, int secondsAgo) =>
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id),
            [new("ranUntil", (await account.StoreTimeAsync()).AddSeconds(-secondsAgo).ToUnixTimeMilliseconds())]);

    private async Task StartedAsync(AccountUnderTest account, int secondsAgo)
    {
        var start = (await account.StoreTimeAsync()).AddSeconds(-secondsAgo).ToUnixTimeMilliseconds();
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id),
            [new("wake", $"{Minute},{start},0"), new("ranUntil", start + (long)Minute)]);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisWakeTests(RedisFixture fixture) : WakeContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetWakeTests(GarnetFixture fixture) : WakeContract(fixture), IClassFixture<GarnetFixture>;
