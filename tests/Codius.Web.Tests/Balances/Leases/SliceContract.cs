using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.LeaseBatches;
using Codius.Web.Balances.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

/// <summary>The contract of slices, which spare visits the ledger, on every kind of store.</summary>
public abstract class SliceContract(StoreFixture fixture)
{
    private const ulong Price = 10;
    private static readonly LeaseOptions Quick = new() { SettleEvery = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_visits_in_a_second_cost_a_few_requests_and_when_they_end_everything_goes_back()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);

        for (var visit = 0; visit < 1000; visit++) await gateway.VisitAsync(account, Price);

        Assert.InRange(gateway.LeaseCalls, 2, 40);
        Assert.InRange((await account.ReadCheckedAsync())!.Value.Leased, 1UL, 4 * 1000 * Price);
        await PassAsync(clock, account, new Balance(1_000_000, 990_000, 10_000, 0));
        var calls = gateway.LeaseCalls;
        for (var second = 0; second < 10; second++) clock.Advance(TimeSpan.FromSeconds(1));
        await account.IsAsync(new Balance(1_000_000, 990_000, 10_000, 0));
        Assert.Equal(calls, gateway.LeaseCalls);
    }

    [Fact]
    public async Task A_steady_rate_costs_about_a_request_a_second()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        var warm = 0;
        for (var second = 1; second <= 8; second++)
        {
            for (var visit = 0; visit < 100; visit++) await gateway.VisitAsync(account, Price);
            var spent = (ulong)second * 100 * Price;
            clock.Advance(TimeSpan.FromSeconds(1));
            await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == spent);
            if (second == 3) warm = gateway.LeaseCalls;
        }

        Assert.InRange(gateway.LeaseCalls - warm, 5, 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_few_visits_a_second_cost_about_a_request_a_second_and_when_they_end_everything_goes_back(int visits)
    {
        const int Seconds = 20;
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var second = 1; second <= Seconds; second++)
        {
            for (var visit = 0; visit < visits; visit++) await gateway.VisitAsync(account, Price);
            var spent = (ulong)(second * visits) * Price;
            clock.Advance(TimeSpan.FromSeconds(1));
            await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == spent);
        }

        Assert.InRange(gateway.LeaseCalls, Seconds, Seconds + 9);
        var all = (ulong)(Seconds * visits) * Price;
        await PassAsync(clock, account, new Balance(1_000_000, 1_000_000 - all, all, 0));
    }

    [Fact]
    public async Task Many_leases_are_settled_group_by_group_within_the_second()
    {
        const int Accounts = 2 * LeaseBatcher.Most + 1;
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var app = 0; app < Accounts; app++)
            await gateway.VisitAsync(await AccountUnderTest.PaidAsync(fixture.Store, 1_000), Price);
        var calls = gateway.LeaseCalls;
        Task SettledAsync(int leases) =>
            Eventually.TrueAsync($"{leases} are settled", () => gateway.LeaseCalls - calls >= leases);

        clock.Advance(TimeSpan.FromSeconds(1));
        await SettledAsync(LeaseBatcher.Most);
        Assert.Equal(LeaseBatcher.Most, gateway.LeaseCalls - calls);
        var first = clock.GetTimestamp();
        await Eventually.TrueAsync("all are settled", () =>
        {
            if (gateway.LeaseCalls - calls < Accounts) clock.Advance(TimeSpan.FromSeconds(0.01));
            return gateway.LeaseCalls - calls >= Accounts;
        });
        Assert.True(clock.GetElapsedTime(first) > TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public async Task What_lies_idle_between_few_visits_is_seen_to_be_recalled_with_the_next_settle()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var visit = 0; visit < 8; visit++) await gateway.VisitAsync(account, Price);
        ulong kept = 0;
        clock.Advance(TimeSpan.FromSeconds(1));
        await AccountUnderTest.UntilAsync(async () =>
            await account.ReadCheckedAsync() is { Spent: 8 * Price, Leased: > 0 and var leased } && (kept = leased) > 0);
        var calls = gateway.LeaseCalls;

        // As a deploy of the whole balance does.
        Assert.Equal(SpendOutcome.Recalled, (await account.SpendAsync(1_000_000 - (8 * Price))).Outcome);
        clock.Advance(TimeSpan.FromSeconds(1));

        await account.IsAsync(new Balance(1_000_000, 1_000_000 - (8 * Price), 8 * Price, 0));
        Assert.InRange(kept, Price, 16 * Price);
        Assert.InRange(gateway.LeaseCalls - calls, 1, 3);
    }

    [Fact]
    public async Task Two_gateways_use_up_a_shrinking_balance_and_refuse_no_visit_before()
    {
        const ulong Visits = 20_000;
        var account = await AccountUnderTest.PaidAsync(fixture.Store, Visits * Price + 3);
        await using var one = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue);
        await using var two = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue);
        var answered = 0UL;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(visitor => Task.Run(async () =>
        {
            while (true)
            {
                var reserved = await (visitor % 2 == 0 ? one : two).ReserveAsync(account, Price);
                if (reserved.Outcome == ReserveOutcome.NotEnough) return;
                if (reserved.Outcome != ReserveOutcome.Reserved) continue;
                reserved.Commit();
                Interlocked.Increment(ref answered);
            }
        }, Stop)));

        Assert.Equal(Visits, answered);
        await account.IsAsync(new Balance(Visits * Price + 3, 3, Visits * Price, 0));
        Assert.InRange(one.LeaseCalls + two.LeaseCalls, 2, (int)Visits / 10);
    }

    [Fact]
    public async Task Lost_replies_neither_lose_nor_charge_a_unit_of_a_slice()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        await using var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(20) }, long.MaxValue);
        var calls = 0;
        gateway.Loses = (_, _) => Interlocked.Increment(ref calls) % 3 == 0;
        var committed = 0UL;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var visit = 0; visit < 2_000; visit++)
            {
                var reserved = await gateway.ReserveAsync(account, Price);
                if (reserved.Outcome != ReserveOutcome.Reserved) continue;
                if (random.Next(2) == 0) reserved.Forward();
                if (random.Next(4) == 0) reserved.Retract();
                if (random.Next(3) == 0)
                {
                    reserved.Void();
                    continue;
                }
                reserved.Commit();
                Interlocked.Increment(ref committed);
            }
        }, Stop)));
        gateway.Loses = (_, _) => false;

        await account.IsAsync(new Balance(1_000_000, 1_000_000 - committed * Price, committed * Price, 0));
    }

    [Fact]
    public async Task A_crash_costs_the_host_at_most_what_the_gateway_may_hold_and_the_payer_nothing()
    {
        const ulong MaxOut = 500;
        var accounts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AccountUnderTest.PaidAsync(fixture.Store, 100_000)));
        var clock = new FakeTimeProvider();
        var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { Lifetime = TimeSpan.FromSeconds(3) }, MaxOut, clock); // never stopped: it crashes
        var (random, answered) = (new Random(1), new ulong[3]);
        for (var visit = 0; visit < 600; visit++)
        {
            var app = random.Next(3);
            var reserved = await gateway.ReserveAsync(accounts[app], Price);
            if (reserved.Outcome == ReserveOutcome.Reserved)
            {
                reserved.Commit();
                answered[app] += Price;
            }
            if (visit % 100 == 99) clock.Advance(TimeSpan.FromSeconds(1));
            ulong leased = 0;
            foreach (var account in accounts) leased += (await account.ReadCheckedAsync())!.Value.Leased;
            Assert.InRange(leased, 0UL, MaxOut);
        }
        gateway.Before = _ => Task.Delay(Timeout.InfiniteTimeSpan, clock, Stop);

        ulong lost = 0;
        foreach (var (account, app) in accounts.Select((account, app) => (account, app)))
        {
            await AccountUnderTest.UntilAsync(async () =>
            {
                await account.SpendAsync(0); // any script returns what expired
                return (await account.ReadCheckedAsync())!.Value.Leased == 0;
            });
            var spent = (await account.ReadCheckedAsync())!.Value.Spent;
            Assert.InRange(spent, 0UL, answered[app]);
            lost += answered[app] - spent;
        }
        Assert.InRange(lost, 0UL, MaxOut);
    }

    private static Task PassAsync(FakeTimeProvider clock, AccountUnderTest account, Balance expected) => AccountUnderTest.UntilAsync(
        async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await account.ReadCheckedAsync() == expected;
        },
        () => $"{expected}");
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSliceTests(RedisFixture fixture) : SliceContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSliceTests(GarnetFixture fixture) : SliceContract(fixture), IClassFixture<GarnetFixture>;
