using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
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
        var account = await PaidAsync(1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);

        for (var visit = 0; visit < 1000; visit++) await VisitAsync(gateway, account);

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
        var account = await PaidAsync(1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        var warm = 0;
        for (var second = 1; second <= 8; second++)
        {
            for (var visit = 0; visit < 100; visit++) await VisitAsync(gateway, account);
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
        var account = await PaidAsync(1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var second = 1; second <= Seconds; second++)
        {
            for (var visit = 0; visit < visits; visit++) await VisitAsync(gateway, account);
            var spent = (ulong)(second * visits) * Price;
            clock.Advance(TimeSpan.FromSeconds(1));
            await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == spent);
        }

        Assert.InRange(gateway.LeaseCalls, Seconds, Seconds + 9);
        var all = (ulong)(Seconds * visits) * Price;
        await PassAsync(clock, account, new Balance(1_000_000, 1_000_000 - all, all, 0));
    }

    [Fact]
    public async Task What_lies_idle_between_few_visits_is_seen_to_be_recalled_with_the_next_settle()
    {
        var account = await PaidAsync(1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var visit = 0; visit < 8; visit++) await VisitAsync(gateway, account);
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
    public async Task Within_an_owners_cap_nothing_lies_idle_between_few_visits()
    {
        var account = await PaidAsync(1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var visit = 0; visit < 8; visit++)
        {
            var reserved = await gateway.ReserveAsync(account, Price, cap: 1000);
            reserved.Commit();
        }

        // A second that had visits, and one that had none.
        clock.Advance(TimeSpan.FromSeconds(1));
        await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == 8 * Price);
        clock.Advance(TimeSpan.FromSeconds(1));
        await account.IsAsync(new Balance(1_000_000, 1_000_000 - (8 * Price), 8 * Price, 0));
    }

    [Fact]
    public async Task Errors_of_a_lease_that_never_began_are_reported_with_the_next_and_other_accounts_begin_in_time()
    {
        var (account, other) = (await PaidAsync(1000), await PaidAsync(1000));
        var ahead = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue, null, 100);
        var requests = new ConcurrentQueue<(LeaseRequest Request, LeaseResult Result)>();
        gateway.Loses = (request, result) =>
        {
            requests.Enqueue((request, result));
            return false;
        };
        var failed = await gateway.ReserveAsync(account, Price);
        Assert.True(failed.TryUseFreeError());
        failed.Commit();
        await CountedAsync(1);
        await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync()) is { Spent: Price, Leased: 0 });
        // The lease has ended, and the next one has the second error.
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), "forgotten", ahead);
        Assert.True(failed.TryUseFreeError());
        await CountedAsync(2);

        Assert.Contains(requests, each => each is { Request: { FreeErrors: 1, Sequence: 1 }, Result.Outcome: LeaseOutcome.Swept });
        (await gateway.ReserveAsync(other, Price)).Void();
        Assert.All(requests.Where(each => each.Request.Account == other.Id),
            each => Assert.True(long.Parse(each.Request.LeaseId.Split('-')[0]) < ahead));

        Task CountedAsync(int errors) => AccountUnderTest.UntilAsync(async () =>
            ((string?)await fixture.Store.Database.HashGetAsync(BalanceKeys.Account(account.Id), "errors") ?? "")
            .EndsWith($",{errors}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slice_within_an_owners_cap_spares_requests_too()
    {
        const ulong Cap = 20_000;
        var account = await PaidAsync(1_000_000);
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue);
        ulong spent = 0;
        while (await gateway.ReserveAsync(account, Price, Cap) is { Outcome: ReserveOutcome.Reserved } reserved)
        {
            reserved.Commit();
            spent += Price;
        }
        Assert.InRange(gateway.LeaseCalls, 2, 400);
        Assert.Equal(Cap, spent);

        // Another cap, or none, is judged anew.
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, Price, Cap + Price)).Outcome);
        Assert.Equal(ReserveOutcome.Capped, (await gateway.ReserveAsync(account, Price, Cap)).Outcome);
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, Price)).Outcome);
    }

    [Fact]
    public async Task Two_gateways_use_up_a_shrinking_balance_and_refuse_no_visit_before()
    {
        const ulong Visits = 20_000;
        var account = await PaidAsync(Visits * Price + 3);
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
        var account = await PaidAsync(1_000_000);
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
        AccountUnderTest[] accounts = [await PaidAsync(100_000), await PaidAsync(100_000), await PaidAsync(100_000)];
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

    [Fact]
    public async Task Free_errors_are_the_hosts_whichever_gateways_the_app_failed_in()
    {
        var account = await PaidAsync(1_000);
        var two = new LiveGateways { Count = 2 };
        await using var first = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue, null, 10, two);
        await using var second = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue, null, 10, two);
        var free = 0;
        // Its share of what is left, again and again, as the ledger counts them.
        await AccountUnderTest.UntilAsync(async () => (free += await FailAsync(first, 1)) == 10);
        Assert.InRange(await FailAsync(second, 20), 0, 1);

        async Task<int> FailAsync(LeasingGateway gateway, int times)
        {
            var counted = 0;
            for (var error = 0; error < times; error++)
            {
                var reserved = await gateway.ReserveAsync(account, Price);
                if (reserved.TryUseFreeError()) counted++;
                reserved.Void();
            }
            return counted;
        }
    }

    [Fact]
    public async Task A_lost_answer_to_the_request_that_ends_a_lease_costs_neither_money_nor_free_errors()
    {
        var account = await PaidAsync(1_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        var (answers, isLost) = (new ConcurrentQueue<LeaseResult>(), false);
        gateway.Loses = (request, result) =>
        {
            answers.Enqueue(result);
            return !isLost && (isLost = request.FreeErrors > 0);
        };
        for (var error = 0; error < 4; error++)
        {
            var failed = await gateway.ReserveAsync(account, Price);
            Assert.True(failed.TryUseFreeError());
            failed.Void();
        }
        await VisitAsync(gateway, account);
        await AccountUnderTest.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            return Task.FromResult(answers.Count >= 3); // of the first visit, the lost one, its repeat
        });
        await VisitAsync(gateway, account);

        Assert.True(isLost);
        Assert.DoesNotContain(answers, answer => answer.Outcome == LeaseOutcome.Swept);
        Assert.Equal(4, answers.Last().ErrorsUsed);
    }

    [Fact]
    public async Task Free_errors_count_once_if_the_answer_is_lost_and_the_lease_is_swept_before_the_repeat()
    {
        var account = await PaidAsync(1_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        var (answers, isLost) = (new ConcurrentQueue<LeaseResult>(), false);
        gateway.Loses = (request, result) =>
        {
            answers.Enqueue(result);
            return !isLost && (isLost = request.FreeErrors > 0);
        };
        var open = await gateway.ReserveAsync(account, Price); // so that the lease does not end
        for (var error = 0; error < 4; error++)
        {
            var failed = await gateway.ReserveAsync(account, Price);
            Assert.True(failed.TryUseFreeError());
            failed.Void();
        }
        // Polled at intervals: while a call to the store lasts, the clock must not pass a lease's lifetime.
        await Eventually.TrueAsync("an answer is lost", () =>
        {
            if (!isLost) clock.Advance(TimeSpan.FromSeconds(0.1));
            return isLost;
        });
        var key = BalanceKeys.Account(account.Id);
        var lease = ((string?)await fixture.Store.Database.HashGetAsync(key, "leases"))!.Split(',');
        await fixture.Store.Database.HashSetAsync(key, "leases", string.Join(',', [.. lease[..4], "1"]));
        await account.PayAsync(1);
        await Eventually.TrueAsync("the lease was swept", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            return answers.Any(answer => answer.Outcome == LeaseOutcome.Swept);
        });
        open.Commit(); // the host's loss
        await VisitAsync(gateway, account);
        await Eventually.TrueAsync("the visit is settled", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            return answers.Last() is { Outcome: LeaseOutcome.Granted, Funds: 1_001 - Price };
        });

        Assert.All(answers, answer => Assert.InRange(answer.ErrorsUsed, 0, 4));
        Assert.Equal(4, answers.Last().ErrorsUsed);
    }

    [Fact]
    public async Task Within_an_owners_cap_a_preflight_that_woke_the_app_is_spent_once_though_its_price_was_voided()
    {
        const ulong Cap = 10;
        var account = await PaidAsync(1_000);
        await account.LeaseAsync("another", 1, wanted: 5, cap: Cap);
        await account.LeaseAsync("another", 2, used: 5, @return: true, cap: Cap);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);

        var preflight = await gateway.ReserveAsync(account, 1, Cap);
        var visits = new List<Reservation>();
        for (var visit = 0; visit < 4; visit++) visits.Add(await gateway.ReserveAsync(account, 1, Cap));
        await fixture.Store.Ledger.BillRunningAsync(new RunningBill(account.Id, 0, Waking: true, Reserved: 1, Counted: 1), Stop);
        preflight.Void();
        foreach (var visit in visits) visit.Commit();
        clock.Advance(TimeSpan.FromSeconds(1));
        await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == 9);

        Assert.Equal(ReserveOutcome.Capped, (await gateway.ReserveAsync(account, 1, Cap)).Outcome);
    }

    private static async Task VisitAsync(LeasingGateway gateway, AccountUnderTest account)
    {
        var reserved = await gateway.ReserveAsync(account, Price);
        Assert.Equal(ReserveOutcome.Reserved, reserved.Outcome);
        reserved.Forward();
        reserved.Commit();
    }

    private static Task PassAsync(FakeTimeProvider clock, AccountUnderTest account, Balance expected) => AccountUnderTest.UntilAsync(
        async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return await account.ReadCheckedAsync() == expected;
        },
        () => $"{expected}");

    private async Task<AccountUnderTest> PaidAsync(ulong amount)
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(amount);
        return account;
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSliceTests(RedisFixture fixture) : SliceContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSliceTests(GarnetFixture fixture) : SliceContract(fixture), IClassFixture<GarnetFixture>;
