using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances;

/// <summary>The ledger's contract for debits without a lease, on every kind of store.</summary>
public abstract class SpendContract(StoreFixture fixture)
{
    private const ulong PerHour = 3_600_000; // a unit per millisecond

    [Fact]
    public async Task Spending_is_whole_or_not_at_all()
    {
        var account = NewAccount();
        Assert.Equal(new SpendResult(SpendOutcome.NoAccount), await account.SpendAsync(0));
        Assert.Null(await account.BalanceAsync());
        await account.PayAsync(100);
        Assert.Equal(new SpendResult(SpendOutcome.NotEnough, 100), await account.SpendAsync(101));
        Assert.Equal(new SpendResult(SpendOutcome.Done, 100), await account.SpendAsync(0));
        Assert.Equal(new SpendResult(SpendOutcome.Done, 0), await account.SpendAsync(100));
        Assert.Equal(new Balance(100, 0, 100, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Spending_with_an_id_is_done_once()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 60), await account.SpendAsync(40, "a"));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 60), await account.SpendAsync(40, "a"));
    }

    [Fact]
    public async Task Spending_what_gateways_hold_is_not_called_out_of_funds()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 90);
        Assert.Equal(new SpendResult(SpendOutcome.Recalled, 100), await account.SpendAsync(50));
        Assert.True((await account.LeaseAsync("holder", 2, @return: true)).GiveBack);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 50), await account.SpendAsync(50));
    }

    [Fact]
    public async Task A_refund_moves_spent_money_back_once()
    {
        var account = NewAccount();
        Assert.Equal(SpendOutcome.NoAccount, (await account.RefundAsync(1, "r")).Outcome);
        await account.PayAsync(100);
        await account.SpendAsync(60);
        Assert.Equal(SpendOutcome.OutOfRange, (await account.RefundAsync(61, "r")).Outcome);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 90), await account.RefundAsync(50, "r"));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 90), await account.RefundAsync(50, "r"));
        Assert.Equal(new Balance(100, 90, 10, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task An_adjustment_changes_credited_and_balance_together_and_never_below_zero()
    {
        var account = NewAccount();
        Assert.Equal(SpendOutcome.NoAccount, (await account.AdjustAsync(-1, "a")).Outcome);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 100), await account.AdjustAsync(100, "b"));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 100), await account.AdjustAsync(100, "b"));
        Assert.Equal(SpendOutcome.NotEnough, (await account.AdjustAsync(-101, "c")).Outcome);
        Assert.Equal(SpendOutcome.NotEnough, (await account.AdjustAsync(long.MinValue, "d")).Outcome);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 70), await account.AdjustAsync(-30, "e"));
        Assert.Equal(SpendOutcome.OutOfRange, (await account.AdjustAsync(long.MaxValue, "f")).Outcome);
        Assert.Equal(new Balance(70, 70, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task What_nobody_owns_any_more_is_booked_as_spent_once()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        Assert.Equal(new SpendResult(SpendOutcome.Done), await account.ForfeitAsync("deleted"));
        await account.PayAsync(5);
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 5), await account.ForfeitAsync("deleted"));
        Assert.Equal(new Balance(105, 5, 100, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_wake_pays_a_minute_ahead_and_not_twice()
    {
        var account = NewAccount();
        Assert.Equal(SpendOutcome.NoAccount, (await account.BillAsync(PerHour, waking: true)).Outcome);
        await account.PayAsync(1_000_000);
        Assert.Equal(new RunningResult(SpendOutcome.Done, 60_000, 940_000), await account.BillAsync(PerHour, waking: true));
        await account.EarnAsync();
        Assert.InRange((await account.BillAsync(PerHour, waking: true)).Debited, 0UL, 10_000UL);
        Assert.Equal(0UL, (await account.BillAsync(PerHour)).Debited);
    }

    [Fact]
    public async Task A_wake_that_cannot_be_paid_whole_takes_nothing()
    {
        var account = NewAccount();
        await account.PayAsync(59_999);
        Assert.Equal(new RunningResult(SpendOutcome.NotEnough, 0, 59_999), await account.BillAsync(PerHour, waking: true));
        await account.PayAsync(1);
        // What the waking request reserved for itself does not also pay for the wake.
        await account.LeaseAsync("gateway", 1, wanted: 10);
        Assert.Equal(new RunningResult(SpendOutcome.NotEnough, 0, 60_000), await account.BillAsync(PerHour, waking: true, reserved: 10));
        Assert.Equal(new RunningResult(SpendOutcome.Recalled, 0, 60_000), await account.BillAsync(PerHour, waking: true));
        Assert.Equal(new Balance(60_000, 59_990, 0, 10), await account.BalanceAsync());
    }

    [Fact]
    public async Task Running_time_is_billed_to_now_and_the_rounding_is_carried()
    {
        var account = NewAccount();
        await account.PayAsync(1_000_000);
        // A unit an hour: 59 seconds are not a unit yet, and are not lost.
        await RanUntilAsync(account, seconds: -59, rest: "3550000");
        Assert.Equal(1UL, (await account.BillAsync(1)).Debited);
        await RanUntilAsync(account, seconds: -59, rest: "0");
        Assert.Equal(0UL, (await account.BillAsync(1)).Debited);
        var rest = (long)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "ranRest");
        Assert.InRange(rest, 59_000, 70_000);
    }

    [Fact]
    public async Task A_gap_of_over_three_minutes_is_not_billed()
    {
        var account = NewAccount();
        await account.PayAsync(1_000_000);
        await RanUntilAsync(account, seconds: -181);
        Assert.Equal(0UL, (await account.BillAsync(PerHour)).Debited);
        await RanUntilAsync(account, seconds: -170);
        Assert.InRange((await account.BillAsync(PerHour)).Debited, 170_000UL, 180_000UL);
    }

    [Fact]
    public async Task Running_out_takes_what_is_there_and_says_so_when_nothing_is_left_anywhere()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 40);
        await RanUntilAsync(account, seconds: -60);
        Assert.Equal(new RunningResult(SpendOutcome.Done, 60, 40), await account.BillAsync(PerHour));
        Assert.True((await account.LeaseAsync("holder", 2, @return: true)).GiveBack);
        // Still owed: debited with the next bill; once nothing is left the debt is forgiven.
        Assert.Equal(new RunningResult(SpendOutcome.NotEnough, 40, 0), await account.BillAsync(PerHour));
        await account.PayAsync(1000);
        Assert.InRange((await account.BillAsync(1)).Debited, 0UL, 1UL);
        Assert.Equal(1100UL, (await account.BalanceAsync())!.Value.Credited);
    }

    [Theory]
    [InlineData((1UL << 53) + 1)]
    [InlineData((ulong)long.MaxValue)]
    public async Task Bills_of_any_price_are_exact(ulong perHour)
    {
        var account = NewAccount();
        await account.PayAsync(long.MaxValue);
        var taken = (await account.BillAsync(perHour, waking: true)).Debited;
        Assert.Equal(perHour / 60, taken);
        Assert.Equal(new Balance(long.MaxValue, long.MaxValue - taken, taken, 0), await account.BalanceAsync());
    }

    private AccountUnderTest NewAccount() => new(fixture.Store);

    private async Task RanUntilAsync(AccountUnderTest account, int seconds, string rest = "0")
    {
        var time = (await account.StoreTimeAsync()).AddSeconds(seconds).ToUnixTimeMilliseconds();
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), [new("ranUntil", time), new("ranRest", rest)]);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSpendTests(RedisFixture fixture) : SpendContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSpendTests(GarnetFixture fixture) : SpendContract(fixture), IClassFixture<GarnetFixture>;
