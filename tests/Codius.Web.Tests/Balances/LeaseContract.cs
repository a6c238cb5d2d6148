using Codius.Web.Balances;
using Codius.Web.Balances.Leases;

namespace Codius.Web.Tests.Balances;

/// <summary>The ledger's contract for leases, on every kind of store. Every call also checks the rule of conservation.</summary>
public abstract class LeaseContract(StoreFixture fixture)
{
    private static readonly TimeSpan Instantly = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Money_is_leased_settled_and_returned()
    {
        var account = await PaidAsync(100);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 60, 100), await account.LeaseAsync("gateway", 1, wanted: 60));
        Assert.Equal(new Balance(100, 40, 0, 60), await account.BalanceAsync());
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 35, 75),
            await account.LeaseAsync("gateway", 2, used: 25, kept: 10, @return: true));
        Assert.Equal(new Balance(100, 65, 25, 10), await account.BalanceAsync());
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 35, 65), await account.LeaseAsync("gateway", 3, used: 35, @return: true));
        Assert.Equal(new Balance(100, 65, 35, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task One_question_settles_returns_and_leases_anew()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 30);
        Assert.Equal(
            new LeaseResult(LeaseOutcome.Granted, 65, 90),
            await account.LeaseAsync("gateway", 2, used: 10, wanted: 50, least: 10, kept: 5, @return: true));
        Assert.Equal(new Balance(100, 35, 10, 55), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_repeated_question_changes_nothing()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 30);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 30, 100), await account.LeaseAsync("gateway", 1, wanted: 30));
        await account.LeaseAsync("gateway", 2, used: 20, wanted: 10);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 40, 80), await account.LeaseAsync("gateway", 2, used: 20, wanted: 10));
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 40, 80), await account.LeaseAsync("gateway", 1, wanted: 30));
        Assert.Equal(new Balance(100, 60, 20, 20), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_lease_that_has_ended_does_not_begin_anew_by_a_late_repeat()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 10);
        await account.LeaseAsync("gateway", 2, used: 10, @return: true);

        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync("gateway", 1, wanted: 10)).Outcome);
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync("gateway", 3, used: 10, @return: true)).Outcome);
        Assert.Equal(new Balance(100, 90, 10, 0), await account.BalanceAsync());
        var ended = (string?)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "ended");
        Assert.Matches(@"^gateway,2,\d{13}$", ended);
    }

    [Fact]
    public async Task A_lease_begins_until_the_time_in_its_id_and_not_after()
    {
        var account = await PaidAsync(100);
        var storeTime = new StoreTime();
        storeTime.Learn((await account.StoreTimeAsync()).AddSeconds(-31).ToUnixTimeMilliseconds());
        var late = storeTime.NewLeaseId();
        for (var repeat = 0; repeat < 2; repeat++)
        {
            Assert.Equal(new LeaseResult(LeaseOutcome.Swept, 0, 100, ErrorsCounted: false),
                await account.LeaseAsync(late, 1, wanted: 10, errors: 1));
        }
        Assert.Equal(new Balance(100, 100, 0, 0), await account.BalanceAsync());

        storeTime.Learn(account.StoreTime);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 100), await account.LeaseAsync(storeTime.NewLeaseId(), 1, wanted: 10));
    }

    [Fact]
    public async Task However_many_leases_end_none_of_them_begins_anew()
    {
        var account = await PaidAsync(1000);
        var storeTime = new StoreTime();
        // All at once: none of them is too late by the store's clock.
        storeTime.Learn((await account.StoreTimeAsync()).AddMinutes(5).ToUnixTimeMilliseconds());
        var ids = Enumerable.Range(0, 110).Select(_ => storeTime.NewLeaseId()).ToList();
        foreach (var id in ids)
        {
            var begun = await account.LeaseAsync(id, 1, wanted: 1);
            if (begun.Outcome == LeaseOutcome.Granted) await account.LeaseAsync(id, 2, used: 1, @return: true);
        }
        var balance = await account.BalanceAsync();
        Assert.Equal(101UL, balance!.Value.Spent); // the first of them is forgotten then, and with it the time of them all

        foreach (var id in ids)
        {
            Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync(id, 1, wanted: 1)).Outcome);
            var repeat = await account.LeaseAsync(id, 2, used: 1, @return: true, errors: 1);
            Assert.True(repeat.ErrorsCounted);
        }
        Assert.Equal(balance, await account.BalanceAsync());
        storeTime.Learn(account.StoreTime);
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync(storeTime.NewLeaseId(), 1, wanted: 10)).Outcome);
    }

    [Fact]
    public async Task What_the_store_remembers_no_more_by_its_clock_does_not_begin_anew_when_the_clock_jumps_back()
    {
        var account = await PaidAsync(100);
        var storeTime = new StoreTime();
        storeTime.Learn((await account.StoreTimeAsync()).ToUnixTimeMilliseconds());
        var id = storeTime.NewLeaseId();
        await account.LeaseAsync(id, 1, wanted: 10);
        await account.LeaseAsync(id, 2, used: 10, @return: true);
        // As if the clock had been ahead by more than a minute and a half, and no script had come since.
        var key = BalanceKeys.Account(account.Id);
        var ended = ((string?)await fixture.Store.Database.HashGetAsync(key, "ended"))!.Split(',');
        await fixture.Store.Database.HashSetAsync(key, "ended", $"{ended[0]},{ended[1]},{account.StoreTime - 1}");

        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync(id, 1, wanted: 10)).Outcome);
        await account.PayAsync(1);
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync(id, 1, wanted: 10)).Outcome);
        Assert.Equal(new Balance(101, 91, 10, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_repeat_of_the_newest_request_renews_a_lease_that_has_expired_and_is_not_swept()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("deploy", 1, wanted: 10, lifetime: Instantly);
        await LaterAsync(account);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 100),
            await account.LeaseAsync("deploy", 1, wanted: 10, lifetime: TimeSpan.FromMinutes(1)));
        await account.PayAsync(1);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 91), await account.LeaseAsync("deploy", 2, used: 10, @return: true));
        Assert.Equal(new Balance(101, 91, 10, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Of_a_lease_that_was_swept_the_last_request_has_counted_its_errors_and_a_later_one_has_not()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("crashed", 1, wanted: 10);
        await account.LeaseAsync("crashed", 2, kept: 10, lifetime: Instantly, errors: 3);
        await LaterAsync(account);
        await account.PayAsync(1);
        for (var repeat = 0UL; repeat < 2; repeat++)
        {
            Assert.Equal(new LeaseResult(LeaseOutcome.Swept, 0, 101 + repeat, ErrorsUsed: 3),
                await account.LeaseAsync("crashed", 2, kept: 10, errors: 3));
            Assert.Equal(new LeaseResult(LeaseOutcome.Swept, 0, 101 + repeat, ErrorsUsed: 3, ErrorsCounted: false),
                await account.LeaseAsync("crashed", 3, kept: 10, errors: 2));
            await account.PayAsync(1); // what has ended is written anew
        }
    }

    [Fact]
    public async Task A_repeat_of_the_request_that_ended_a_lease_gets_its_answer_and_counts_no_error_again()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 10);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 90, ErrorsUsed: 40),
                await account.LeaseAsync("gateway", 2, used: 10, @return: true, errors: 40));
        }
        await account.LeaseAsync("failing", 1, wanted: 10); // the app's only answers are errors
        for (var repeat = 0; repeat < 3; repeat++)
        {
            Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 0, 90, ErrorsUsed: 42),
                await account.LeaseAsync("failing", 2, @return: true, errors: 2));
        }
        for (var repeat = 0; repeat < 3; repeat++) Assert.Equal(45, (await account.LeaseAsync("late", 1, errors: 3)).ErrorsUsed);
        Assert.Equal(45, (await account.LeaseAsync("next", 1)).ErrorsUsed);
        Assert.Equal(new Balance(100, 90, 10, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_lease_that_was_granted_nothing_may_be_requested_again()
    {
        var account = await PaidAsync(5);
        Assert.Equal(LeaseOutcome.NotEnough, (await account.LeaseAsync("deploy", 1, wanted: 10)).Outcome);
        await account.PayAsync(5);

        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 10), await account.LeaseAsync("deploy", 1, wanted: 10));
    }

    [Fact]
    public async Task Used_is_cumulative_and_never_beyond_the_grant()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 30);
        await account.LeaseAsync("gateway", 2, used: 20);
        await account.LeaseAsync("gateway", 3, used: 15);
        Assert.Equal(new Balance(100, 70, 20, 10), await account.BalanceAsync());
        await account.LeaseAsync("gateway", 4, used: 1000, kept: 1000, @return: true);
        Assert.Equal(new Balance(100, 70, 30, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_grant_is_what_is_wanted_or_what_is_there_but_never_less_than_of_use()
    {
        var account = await PaidAsync(100);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 100, 100), await account.LeaseAsync("one", 1, wanted: 500, least: 10));
        Assert.Equal(new LeaseResult(LeaseOutcome.Recalled, 0, 100), await account.LeaseAsync("two", 1, wanted: 10));
        Assert.Equal(new LeaseResult(LeaseOutcome.NotEnough, 0, 100), await account.LeaseAsync("two", 1, wanted: 101));
    }

    [Fact]
    public async Task Out_of_funds_is_balance_and_leases_together_below_the_price()
    {
        var account = NewAccount();
        Assert.Equal(new LeaseResult(LeaseOutcome.NotEnough), await account.LeaseAsync("gateway", 1, wanted: 1));
        Assert.Null(await account.BalanceAsync());
        await account.PayAsync(9);
        Assert.Equal(new LeaseResult(LeaseOutcome.NotEnough, 0, 9), await account.LeaseAsync("gateway", 1, wanted: 10));
        await account.PayAsync(1);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 10, 10), await account.LeaseAsync("gateway", 1, wanted: 10));
    }

    [Fact]
    public async Task A_recall_makes_the_other_give_back_and_lease_nothing_until_the_asker_has_it()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("holder", 1, wanted: 90);
        Assert.Equal(LeaseOutcome.Recalled, (await account.LeaseAsync("asker", 1, wanted: 50)).Outcome);
        Assert.True((await account.LeaseAsync("holder", 2, used: 5, kept: 20, @return: true)).GiveBack);
        Assert.Equal(new LeaseResult(LeaseOutcome.Recalled, 25, 95, GiveBack: true),
            await account.LeaseAsync("holder", 3, used: 5, wanted: 10, kept: 20, @return: true));
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 50, 95), await account.LeaseAsync("asker", 1, wanted: 50));
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 35, 95),
            await account.LeaseAsync("holder", 4, used: 5, wanted: 10, kept: 20, @return: true));
    }

    [Fact]
    public async Task A_recall_by_a_clock_that_was_ahead_does_not_hold_until_then()
    {
        var account = await PaidAsync(100);
        var ahead = (await account.StoreTimeAsync()).AddHours(1).ToUnixTimeMilliseconds();
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), "recall", $"{ahead},asker");

        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("other", 1, wanted: 10)).Outcome);
    }

    [Fact]
    public async Task An_expired_lease_is_returned_by_whatever_script_comes_next()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("crashed", 1, wanted: 60, lifetime: Instantly);
        await account.LeaseAsync("crashed", 2, used: 25, lifetime: Instantly);
        await LaterAsync(account);
        await account.PayAsync(1);
        Assert.Equal(new Balance(101, 76, 25, 0), await account.BalanceAsync());
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync("crashed", 2, used: 25)).Outcome);
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync("crashed", 3, used: 60)).Outcome);
        Assert.Equal(new Balance(101, 76, 25, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Until_it_is_swept_an_expired_lease_is_settled_by_its_owner()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("slow", 1, wanted: 60, lifetime: Instantly);
        await LaterAsync(account);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 60, 60), await account.LeaseAsync("slow", 2, used: 40));
        Assert.Equal(new Balance(100, 40, 40, 20), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_lease_with_nothing_left_in_it_is_gone()
    {
        var account = await PaidAsync(100);
        await account.LeaseAsync("gateway", 1, wanted: 10);
        await account.LeaseAsync("gateway", 2, used: 10, @return: true);
        Assert.Equal(LeaseOutcome.Swept, (await account.LeaseAsync("gateway", 3, used: 10)).Outcome);
        Assert.Equal("", (string?)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "leases"));
    }

    [Theory]
    [InlineData((1UL << 53) + 1)]
    [InlineData((ulong)long.MaxValue)]
    public async Task Leases_of_any_amount_are_exact(ulong amount)
    {
        var account = await PaidAsync(amount);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, amount, amount), await account.LeaseAsync("gateway", 1, wanted: amount));
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, amount, 1), await account.LeaseAsync("gateway", 2, used: amount - 1));
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, amount - 1, 1),
            await account.LeaseAsync("gateway", 3, used: amount - 1, @return: true));
        Assert.Equal(new Balance(amount, 1, amount - 1, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Ahead_of_visits_a_lease_holds_at_most_a_quarter_of_what_no_visit_has_reserved()
    {
        var account = await PaidAsync(1000);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 40 + 240, 1000),
            await account.LeaseAsync("one", 1, wanted: 40, least: 10, ahead: 700));
        // It holds 40 of them still: a quarter of 760 is 190.
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 280 + 150, 760),
            await account.LeaseAsync("one", 2, used: 240, kept: 40, free: 40, least: 10, ahead: 700));
        Assert.Equal(430UL, (await account.LeaseAsync("one", 3, used: 240, kept: 190, free: 190, least: 10, ahead: 700)).Granted);
        Assert.Equal(5UL, (await account.LeaseAsync("two", 1, least: 5, ahead: 5)).Granted);
        Assert.Equal(new Balance(1000, 565, 240, 195), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_small_balance_is_leased_one_price_at_a_time()
    {
        var account = await PaidAsync(49);
        Assert.Equal(10UL, (await account.LeaseAsync("one", 1, wanted: 10, least: 10, ahead: 100)).Granted);
        Assert.Equal(10UL, (await account.LeaseAsync("one", 2, kept: 10, least: 10, ahead: 100)).Granted);
        await account.PayAsync(1); // a quarter of 40 is a price
        Assert.Equal(20UL, (await account.LeaseAsync("one", 3, kept: 10, least: 10, ahead: 100)).Granted);
    }

    [Fact]
    public async Task Units_ahead_are_neither_recalled_nor_leased_while_others_wait_and_their_lack_is_no_refusal()
    {
        var account = await PaidAsync(100);
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("holder", 1, wanted: 100)).Outcome);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 0, 100), await account.LeaseAsync("other", 1, least: 10, ahead: 50));
        Assert.False((await account.LeaseAsync("holder", 2, kept: 100)).GiveBack);
        Assert.Equal(LeaseOutcome.Recalled, (await account.LeaseAsync("asker", 1, wanted: 10)).Outcome);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 5, 100, GiveBack: true),
            await account.LeaseAsync("holder", 3, kept: 5, @return: true, least: 10, ahead: 50));
    }

    [Theory]
    [InlineData((1UL << 53) + 1)]
    [InlineData((ulong)long.MaxValue)]
    public async Task Units_ahead_of_any_amount_are_exact(ulong amount)
    {
        var account = await PaidAsync(amount);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, amount / 4, amount),
            await account.LeaseAsync("gateway", 1, least: 1, ahead: amount));
        Assert.Equal(new Balance(amount, amount - amount / 4, 0, amount / 4), await account.BalanceAsync());
    }

    [Fact]
    public async Task Free_errors_are_counted_for_all_gateways_in_a_minute_that_begins_with_the_first()
    {
        var account = await PaidAsync(100);
        Assert.Equal(0, (await account.LeaseAsync("one", 1, wanted: 10)).ErrorsUsed);
        Assert.Equal(3, (await account.LeaseAsync("one", 2, kept: 10, errors: 3)).ErrorsUsed);
        Assert.Equal(3, (await account.LeaseAsync("one", 2, kept: 10, errors: 3)).ErrorsUsed); // a repeat
        Assert.Equal(5, (await account.LeaseAsync("two", 1, wanted: 10, errors: 2)).ErrorsUsed);
        var now = await account.StoreTimeAsync();
        foreach (var begun in (DateTimeOffset[])[now.AddSeconds(-60), now.AddMinutes(5)]) // it is over, or of a clock that was ahead
        {
            await fixture.Store.Database.HashSetAsync(
                BalanceKeys.Account(account.Id), "errors", $"{begun.ToUnixTimeMilliseconds()},5");
            Assert.Equal(0, (await account.LeaseAsync("two", 1)).ErrorsUsed);
        }
        Assert.Equal(1, (await account.LeaseAsync("two", 2, errors: 1)).ErrorsUsed);
    }

    private AccountUnderTest NewAccount() => new(fixture.Store);

    private async Task<AccountUnderTest> PaidAsync(ulong amount)
    {
        var account = NewAccount();
        await account.PayAsync(amount);
        return account;
    }

    private static async Task LaterAsync(AccountUnderTest account)
    {
        var start = await account.StoreTimeAsync();
        await AccountUnderTest.UntilAsync(async () => await account.StoreTimeAsync() > start.AddMilliseconds(3));
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisLeaseTests(RedisFixture fixture) : LeaseContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetLeaseTests(GarnetFixture fixture) : LeaseContract(fixture), IClassFixture<GarnetFixture>;
