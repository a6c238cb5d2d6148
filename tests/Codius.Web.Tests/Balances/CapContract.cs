using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Tests.Balances.Leases;

namespace Codius.Web.Tests.Balances;

/// <summary>The owner's cap on what requests cost an hour, over all gateways, on every kind of store.</summary>
public abstract class CapContract(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grant_is_what_the_cap_leaves_of_it_and_none_is_granted_beyond_it()
    {
        var account = await PaidAsync(1000);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 25, 1000), await account.LeaseAsync("one", 1, wanted: 40, least: 10, cap: 25));
        // Without a cap, and with a higher one.
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("three", 1, wanted: 10)).Outcome);
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("four", 1, wanted: 10, cap: 50)).Outcome);
    }

    [Fact]
    public async Task What_others_lease_within_the_cap_is_recalled_and_only_what_is_spent_for_good_is_beyond_it()
    {
        var account = await PaidAsync(1000);
        await account.LeaseAsync("one", 1, wanted: 25, cap: 25);
        Assert.Equal(LeaseOutcome.Recalled, (await account.LeaseAsync("two", 1, wanted: 10, cap: 25)).Outcome);
        // Returned unused: it was not spent.
        Assert.True((await account.LeaseAsync("one", 2, used: 10, @return: true, cap: 25)).GiveBack);
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("two", 1, wanted: 10, cap: 25)).Outcome);
        Assert.Equal(LeaseOutcome.Recalled, (await account.LeaseAsync("three", 1, wanted: 10, cap: 25)).Outcome);
        // An app has its request: it is about to be spent.
        await account.LeaseAsync("two", 2, kept: 10, forwarded: 10, cap: 25);
        Assert.Equal(LeaseOutcome.Capped, (await account.LeaseAsync("three", 1, wanted: 10, cap: 25)).Outcome);
    }

    [Fact]
    public async Task Ahead_of_visits_at_most_a_quarter_of_the_room_in_the_cap_is_leased()
    {
        var account = await PaidAsync(1_000_000);
        Assert.Equal(10UL + 22, (await account.LeaseAsync("one", 1, wanted: 10, least: 10, cap: 100, ahead: 500)).Granted);
        Assert.Equal(32UL, (await account.LeaseAsync("one", 2, kept: 32, free: 22, least: 10, cap: 100, ahead: 500)).Granted);
    }

    [Fact]
    public async Task What_was_spent_counts_until_its_minute_is_a_whole_hour_old()
    {
        var account = await PaidAsync(1000);
        await SpentAsync(account, (10, 59));
        var refused = await account.LeaseAsync("gateway", 1, wanted: 10, cap: 15);
        Assert.Equal(LeaseOutcome.Capped, refused.Outcome);
        Assert.InRange(refused.RetryAfter, 1, 120);

        await SpentAsync(account, (10, 61));
        Assert.Equal(LeaseOutcome.Granted, (await account.LeaseAsync("gateway", 1, wanted: 10, cap: 15)).Outcome);
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_has_counted_is_an_hour_old_an_hour_from_now()
    {
        var account = await PaidAsync(1000);
        await SpentAsync(account, (4, -120), (6, -300));

        var refused = await account.LeaseAsync("gateway", 1, wanted: 10, cap: 15);

        Assert.Equal(LeaseOutcome.Capped, refused.Outcome);
        Assert.InRange(refused.RetryAfter, 3600, 3660);
        var spends = ((string)(await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "spends"))!).Split(',');
        Assert.Equal("10", spends[1]);
        Assert.True(long.Parse(spends[0]) <= (await account.StoreTimeAsync()).ToUnixTimeSeconds() / 60);
    }

    [Fact]
    public async Task The_wait_ends_when_enough_of_it_is_an_hour_old()
    {
        var account = await PaidAsync(1000);
        await SpentAsync(account, (3, 50), (4, 40), (8, 30));

        Assert.InRange((await account.LeaseAsync("a", 1, wanted: 3, cap: 15)).RetryAfter, 600, 660);
        Assert.InRange((await account.LeaseAsync("a", 1, wanted: 5, cap: 15)).RetryAfter, 1200, 1260);
        Assert.Equal(61 * 60, (await account.LeaseAsync("a", 1, wanted: 16, cap: 15)).RetryAfter);
    }

    [Fact]
    public async Task A_wake_by_a_preflight_counts_though_it_is_not_charged_as_a_request()
    {
        var account = await PaidAsync(1000);
        await account.LeaseAsync("gateway", 1, wanted: 10, cap: 15);
        await fixture.Store.Ledger.BillRunningAsync(new RunningBill(account.Id, 60, Waking: true, Reserved: 10, Counted: 10), Stop);
        await account.LeaseAsync("gateway", 2, @return: true, cap: 15);

        Assert.Equal(LeaseOutcome.Capped, (await account.LeaseAsync("next", 1, wanted: 10, cap: 15)).Outcome);
    }

    [Fact]
    public async Task A_preflights_price_that_counts_though_it_is_voided_is_not_reserved_again_in_memory()
    {
        var account = await PaidAsync(1000);
        await using var gateway = await GatewayAsync();
        var preflight = await gateway.ReserveAsync(account, 10, cap: 15);
        await fixture.Store.Ledger.BillRunningAsync(new RunningBill(account.Id, 60, Waking: true, Reserved: 10, Counted: 10), Stop);
        preflight.Void();

        Assert.Equal(ReserveOutcome.Capped, (await gateway.ReserveAsync(account, 10, cap: 15)).Outcome);
    }

    [Fact]
    public async Task Two_gateways_together_never_spend_more_than_the_cap_and_all_of_it()
    {
        const ulong Price = 7, Cap = 700;
        var account = await PaidAsync(1_000_000);
        await using var one = await GatewayAsync();
        await using var two = await GatewayAsync();
        long committed = 0;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(spender => Task.Run(async () =>
        {
            for (var visit = 0; visit < 10; visit++)
            {
                var reservation = await (spender % 2 == 0 ? one : two).ReserveAsync(account, Price, Cap);
                if (reservation.Outcome != ReserveOutcome.Reserved)
                {
                    Assert.True(reservation.Outcome is ReserveOutcome.Capped or ReserveOutcome.Recalled);
                    if (reservation.Outcome == ReserveOutcome.Capped) Assert.InRange(reservation.RetryAfter, 1, 61 * 60);
                    continue;
                }
                if (visit == 0)
                {
                    reservation.Void();
                    continue;
                }
                reservation.Commit();
                Interlocked.Increment(ref committed);
            }
        }, Stop)));
        // What is still leased, though voided, comes back with the next settle.
        while ((await one.ReserveAsync(account, Price, Cap)) is { Outcome: ReserveOutcome.Reserved } last)
        {
            last.Commit();
            committed++;
        }
        Assert.True(committed * (long)Price <= (long)Cap);
        await AccountUnderTest.UntilAsync(async () =>
        {
            var next = await two.ReserveAsync(account, Price, Cap);
            if (next.Outcome == ReserveOutcome.Reserved) committed++;
            next.Commit();
            return committed * (long)Price == (long)Cap;
        });
        await account.IsAsync(new Balance(1_000_000, 1_000_000 - Cap, Cap, 0));
        Assert.Equal(ReserveOutcome.Capped, (await one.ReserveAsync(account, Price, Cap)).Outcome);
    }

    private async Task<AccountUnderTest> PaidAsync(ulong amount)
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(amount);
        return account;
    }

    private Task<LeasingGateway> GatewayAsync() =>
        LeasingGateway.StartAsync(fixture.Store, new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(100) }, long.MaxValue);

    /// <summary>Sets what was spent, in units and minutes ago, the oldest first.</summary>
    private async Task SpentAsync(AccountUnderTest account, params (ulong Units, int Ago)[] spends)
    {
        var minute = (await account.StoreTimeAsync()).ToUnixTimeSeconds() / 60;
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), "spends",
            string.Join(';', spends.Select(spend => $"{minute - spend.Ago},{spend.Units}")));
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisCapTests(RedisFixture fixture) : CapContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetCapTests(GarnetFixture fixture) : CapContract(fixture), IClassFixture<GarnetFixture>;
