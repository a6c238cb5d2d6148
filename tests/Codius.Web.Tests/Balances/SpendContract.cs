using Codius.Web.Balances;
using StackExchange.Redis;

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
    public async Task The_history_keeps_the_newest_changes_and_a_repeat_of_an_older_one_is_a_change_of_its_own()
    {
        var account = NewAccount();
        await account.PayAsync(10_000);
        var history = BalanceKeys.History(account.Id);
        await account.SpendAsync(1, "oldest");
        await fixture.Store.Database.HashSetAsync(history,
            [.. Enumerable.Range(0, 1_099).Select(i => new HashEntry($"id {i}", $"spend 1 {4_000_000_000_000 + i} "))]);
        Assert.Equal(SpendOutcome.Repeated, (await account.SpendAsync(1, "oldest")).Outcome);

        await account.SpendAsync(1, "one too many");

        Assert.Equal(1_000, await fixture.Store.Database.HashLengthAsync(history));
        Assert.Equal(SpendOutcome.Repeated, (await account.SpendAsync(1, "id 1098")).Outcome);
        Assert.Equal(new SpendResult(SpendOutcome.Done, 9_997), await account.SpendAsync(1, "oldest"));
    }

    [Fact]
    public async Task A_history_from_before_it_was_limited_becomes_short_by_and_by_and_keeps_the_newest()
    {
        var account = NewAccount();
        await account.PayAsync(10_000);
        var history = BalanceKeys.History(account.Id);
        await fixture.Store.Database.HashSetAsync(history,
            [.. Enumerable.Range(0, 20_000).Select(i => new HashEntry($"id {i}", $"spend 1 {1_000_000_000_000 + i} "))]);

        await account.SpendAsync(1, "first");
        Assert.Equal(19_901, await fixture.Store.Database.HashLengthAsync(history));
        for (var change = 0; change < 200; change++) await account.SpendAsync(1, $"change {change}");

        Assert.InRange(await fixture.Store.Database.HashLengthAsync(history), 1_000, 1_100);
        Assert.Equal(SpendOutcome.Repeated, (await account.SpendAsync(1, "first")).Outcome);
        for (var newest = 19_500; newest < 20_000; newest++)
            Assert.True(await fixture.Store.Database.HashExistsAsync(history, $"id {newest}"));
    }

    [Fact]
    public async Task A_booking_counts_once_by_its_writer_and_number_and_leaves_one_entry_per_writer()
    {
        var book = NewAccount();
        for (var number = 1; number <= 50; number++)
            Assert.Equal(new SpendResult(SpendOutcome.Done, (ulong)number * 10), await book.BookAsync(10, "one", number));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 500), await book.BookAsync(10, "one", 50));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated, 500), await book.BookAsync(10, "one", 49));
        Assert.Equal(new SpendResult(SpendOutcome.Done, 510), await book.BookAsync(10, "two", 1));

        Assert.Matches(@"^one,50,\d{13};two,1,\d{13}$", await BookersAsync(book));
        Assert.Equal(0, await fixture.Store.Database.HashLengthAsync(BalanceKeys.History(book.Id)));
        Assert.Equal(SpendOutcome.OutOfRange, (await book.BookAsync(long.MaxValue, "two", 2)).Outcome);
    }

    [Fact]
    public async Task Writers_of_a_book_that_are_gone_leave_nothing()
    {
        var book = NewAccount();
        var now = await book.StoreTimeAsync();
        await book.BookAsync(1, "first", 1);
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(book.Id), "bookers",
            $"gone,7,{now.AddDays(-8).ToUnixTimeMilliseconds()};silent,7,{now.AddDays(-6).ToUnixTimeMilliseconds()}");
        await book.BookAsync(1, "new", 1);
        Assert.Matches(@"^silent,7,\d{13};new,1,\d{13}$", await BookersAsync(book));

        for (var writer = 0; writer < 105; writer++) await book.BookAsync(1, $"crashed {writer}", 1);
        Assert.Equal(Enumerable.Range(5, 100).Select(writer => $"crashed {writer}"),
            (await BookersAsync(book)).Split(';').Select(entry => entry.Split(',')[0]));
    }

    [Fact]
    public async Task What_nobody_owns_any_more_is_booked_as_spent_once()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        Assert.Equal(new SpendResult(SpendOutcome.Done), await account.ForfeitAsync("deleted"));
        Assert.Equal(new SpendResult(SpendOutcome.Repeated), await account.ForfeitAsync("deleted"));
        await account.PayAsync(5);
        Assert.Equal(new SpendResult(SpendOutcome.Done), await account.ForfeitAsync("deleted"));
        Assert.Equal(new Balance(105, 0, 105, 0), await account.BalanceAsync());
        var history = await fixture.Store.Database.HashGetAsync(BalanceKeys.History(account.Id), ["deleted", "deleted again"]);
        Assert.Matches(@"^forfeit 100 \d{13} a test$", history[0]);
        Assert.Matches(@"^forfeit 5 \d{13} a test$", history[1]);
    }

    [Fact]
    public async Task What_nobody_owns_any_more_is_booked_whole_or_not_at_all()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 40);

        Assert.Equal(new SpendResult(SpendOutcome.Recalled, 100), await account.ForfeitAsync("deleted"));

        Assert.True((await account.LeaseAsync("holder", 2, @return: true)).GiveBack);
        Assert.Equal(new SpendResult(SpendOutcome.Done), await account.ForfeitAsync("deleted"));
        Assert.Equal(new Balance(100, 0, 100, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task What_a_crashed_gateway_forwarded_is_shown_as_funds_before_a_script_returns_it()
    {
        var account = NewAccount();
        await account.PayAsync(30);
        await account.LeaseAsync("crashed", 1, wanted: 30, least: 10);
        await account.LeaseAsync("crashed", 2, kept: 30, forwarded: 20, @return: true);

        Assert.Equal(10UL, await FundsAsync(-30)); // by the store's clock; a gateway's may be late
        Assert.Equal(30UL, await FundsAsync(-90));
        await account.PayAsync(1);
        Assert.Equal(new Balance(31, 31, 0, 0), await account.BalanceAsync());

        async Task<ulong> FundsAsync(int expired)
        {
            var expires = (await account.StoreTimeAsync()).AddSeconds(expired).ToUnixTimeMilliseconds();
            await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), "leases", $"crashed,30,0,2,{expires}");
            return (await fixture.Store.Ledger.ReadAsync(account.Id, TestContext.Current.CancellationToken))!.Value.Funds;
        }
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
        // Still owed: debited with the next bill; once nothing is left the debt is written off.
        var last = await account.BillAsync(PerHour);
        Assert.Equal((SpendOutcome.NotEnough, 40UL, 0UL), (last.Outcome, last.Debited, last.Funds));
        Assert.InRange(last.WrittenOff, 59_900UL, 62_000UL);
        Assert.Equal(last.WrittenOff, await WrittenOffAsync(account));
        await account.PayAsync(1000);
        Assert.InRange((await account.BillAsync(1)).Debited, 0UL, 1UL);
        Assert.Equal(1100UL, (await account.BalanceAsync())!.Value.Credited);
    }

    [Fact]
    public async Task What_only_requests_in_flight_hold_pays_for_nothing_else()
    {
        var account = NewAccount();
        await account.PayAsync(30);
        await account.LeaseAsync("holder", 1, wanted: 30, least: 10);
        await account.LeaseAsync("holder", 2, kept: 30, forwarded: 20, @return: true);
        Assert.Equal(new Balance(30, 0, 0, 30, Forwarded: 20), await account.BalanceAsync());
        Assert.Equal(10UL, (await account.BalanceAsync())!.Value.Funds);

        Assert.Equal(new SpendResult(SpendOutcome.NotEnough, 10), await account.SpendAsync(11));
        Assert.Equal(new SpendResult(SpendOutcome.Recalled, 10), await account.SpendAsync(10));
        Assert.Equal(SpendOutcome.NotEnough, (await account.BillAsync(11 * 60, waking: true)).Outcome);
        Assert.Equal(SpendOutcome.Recalled, (await account.BillAsync(10 * 60, waking: true)).Outcome);
        Assert.Equal(LeaseOutcome.NotEnough, (await account.LeaseAsync("other", 1, wanted: 11)).Outcome);
        Assert.Equal(LeaseOutcome.Recalled, (await account.LeaseAsync("other", 1, wanted: 10)).Outcome);
    }

    [Fact]
    public async Task An_app_whose_money_is_all_in_requests_in_flight_is_out_of_funds_with_the_first_bill_it_cannot_pay()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 100);
        await account.LeaseAsync("holder", 2, kept: 100, forwarded: 100);
        await RanUntilAsync(account, seconds: -5);

        var bill = await account.BillAsync(PerHour);

        Assert.Equal((SpendOutcome.NotEnough, 0UL), (bill.Outcome, bill.Debited));
        Assert.InRange(bill.WrittenOff, 5_000UL, 7_000UL);
    }

    [Fact]
    public async Task A_debt_waits_for_recalled_leases_for_an_interval_and_is_written_off_then()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 100, lifetime: TimeSpan.FromMinutes(5));
        await RanUntilAsync(account, seconds: -50);
        Assert.Equal(SpendOutcome.Done, (await account.BillAsync(PerHour)).Outcome);
        Assert.Equal(0UL, await WrittenOffAsync(account));
        await RanUntilAsync(account, seconds: -13, keepRest: true); // 50 s are owed already

        var bill = await account.BillAsync(PerHour);

        Assert.Equal(SpendOutcome.NotEnough, bill.Outcome);
        Assert.InRange(bill.WrittenOff, 63_000UL, 66_000UL);
        Assert.Equal(bill.WrittenOff, await WrittenOffAsync(account));
        // The holder returns what it did not use, and the next payer owes nothing of the past.
        await account.LeaseAsync("holder", 2, @return: true);
        Assert.InRange((await account.BillAsync(1)).Debited, 0UL, 1UL);
    }

    [Fact]
    public async Task What_an_app_owes_when_it_is_asleep_is_written_off()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 100, lifetime: TimeSpan.FromMinutes(5));
        await RanUntilAsync(account, seconds: -5);

        Assert.InRange((await account.BillAsync(PerHour, asleep: true)).WrittenOff, 5_000UL, 7_000UL);
    }

    [Fact]
    public async Task A_debt_from_before_a_wake_is_written_off_and_never_paid_by_it()
    {
        var account = NewAccount();
        await account.PayAsync(60_000);
        await account.LeaseAsync("holder", 1, wanted: 60_000, lifetime: TimeSpan.FromMinutes(5));
        await RanUntilAsync(account, seconds: -5);
        Assert.Equal(SpendOutcome.Done, (await account.BillAsync(PerHour)).Outcome);
        await account.LeaseAsync("holder", 2, @return: true);
        await RanUntilAsync(account, seconds: -1, keepRest: true);

        var wake = await account.BillAsync(PerHour, waking: true);

        Assert.Equal((SpendOutcome.Done, 60_000UL), (wake.Outcome, wake.Debited));
        Assert.InRange(wake.WrittenOff, 5_000UL, 7_000UL);
    }

    [Fact]
    public async Task A_bill_that_another_gateway_has_made_in_this_interval_is_not_made_again()
    {
        var account = NewAccount();
        await account.PayAsync(1_000_000);
        await RanUntilAsync(account, seconds: -55);
        Assert.Equal(new RunningResult(SpendOutcome.Done, 0, 1_000_000), await account.BillAsync(PerHour, onlyOverdue: true));
        await RanUntilAsync(account, seconds: -61);
        Assert.InRange((await account.BillAsync(PerHour, onlyOverdue: true)).Debited, 61_000UL, 65_000UL);
        Assert.Equal(0UL, (await account.BillAsync(PerHour, onlyOverdue: true)).Debited);
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

    private async Task RanUntilAsync(AccountUnderTest account, int seconds, string rest = "0", bool keepRest = false)
    {
        var time = (await account.StoreTimeAsync()).AddSeconds(seconds).ToUnixTimeMilliseconds();
        HashEntry[] fields = [new("ranUntil", time), new("ranRest", rest)];
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), keepRest ? fields[..1] : fields);
    }

    private async Task<string> BookersAsync(AccountUnderTest book) =>
        (string)(await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(book.Id), "bookers"))!;

    private async Task<ulong> WrittenOffAsync(AccountUnderTest account) =>
        (ulong)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "writtenOff");
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSpendTests(RedisFixture fixture) : SpendContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSpendTests(GarnetFixture fixture) : SpendContract(fixture), IClassFixture<GarnetFixture>;
