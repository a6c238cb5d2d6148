using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

/// <summary>An app's free errors are counted once for the whole host, on every kind of store.</summary>
public abstract class FreeErrorContract(StoreFixture fixture)
{
    private const ulong Price = 10;
    private static readonly LeaseOptions Quick = new() { SettleEvery = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Errors_of_a_lease_that_never_began_are_reported_with_the_next_and_other_accounts_begin_in_time()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1000);
        var other = await AccountUnderTest.PaidAsync(fixture.Store, 1000);
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
    public async Task Free_errors_are_the_hosts_whichever_gateways_the_app_failed_in()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000);
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
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000);
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
        await gateway.VisitAsync(account, Price);
        await AccountUnderTest.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            return Task.FromResult(answers.Count >= 3); // of the first visit, the lost one, its repeat
        });
        await gateway.VisitAsync(account, Price);

        Assert.True(isLost);
        Assert.DoesNotContain(answers, answer => answer.Outcome == LeaseOutcome.Swept);
        Assert.Equal(4, answers.Last().ErrorsUsed);
    }

    [Fact]
    public async Task Free_errors_count_once_if_the_answer_is_lost_and_the_lease_is_swept_before_the_repeat()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000);
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
        await gateway.VisitAsync(account, Price);
        await Eventually.TrueAsync("the visit is settled", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
            return answers.Last() is { Outcome: LeaseOutcome.Granted, Funds: 1_001 - Price };
        });

        Assert.All(answers, answer => Assert.InRange(answer.ErrorsUsed, 0, 4));
        Assert.Equal(4, answers.Last().ErrorsUsed);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisFreeErrorTests(RedisFixture fixture) : FreeErrorContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetFreeErrorTests(GarnetFixture fixture) : FreeErrorContract(fixture), IClassFixture<GarnetFixture>;
