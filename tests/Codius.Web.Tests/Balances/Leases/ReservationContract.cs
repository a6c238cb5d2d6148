using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

/// <summary>The contract of reservations, on every kind of store.</summary>
public abstract class ReservationContract(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_committed_price_is_spent_and_a_voided_one_goes_back()
    {
        var account = await PaidAsync(100);
        await using var gateway = await GatewayAsync();
        var (first, second) = (await gateway.ReserveAsync(account, 10), await gateway.ReserveAsync(account, 10));
        Assert.Equal((ReserveOutcome.Reserved, 100UL), (first.Outcome, first.Funds));
        first.Commit();
        first.Void(); // does nothing any more
        second.Void();
        await account.IsAsync(new Balance(100, 90, 10, 0));
    }

    [Fact]
    public async Task An_open_reservation_is_kept_and_renewed_while_the_rest_is_settled()
    {
        var account = await PaidAsync(100);
        await using var gateway =
            await GatewayAsync(new LeaseOptions { Lifetime = TimeSpan.FromSeconds(3), SettleEvery = TimeSpan.FromMilliseconds(100) });
        var open = await gateway.ReserveAsync(account, 10);
        var expires = await account.LeaseExpiryAsync();
        await AccountUnderTest.UntilAsync(async () => await account.LeaseExpiryAsync() > expires);
        (await gateway.ReserveAsync(account, 30)).Commit();
        await account.IsAsync(new Balance(100, 60, 30, 10));
        open.Commit();
        await account.IsAsync(new Balance(100, 60, 40, 0));
    }

    [Fact]
    public async Task Out_of_funds_is_said_with_the_funds_there_are()
    {
        var account = await PaidAsync(9);
        await using var gateway = await GatewayAsync();
        var refused = await gateway.ReserveAsync(account, 10);
        Assert.Equal((ReserveOutcome.NotEnough, 9UL), (refused.Outcome, refused.Funds));
        Assert.Equal(ReserveOutcome.NotEnough, (await gateway.ReserveAsync(new AccountUnderTest(fixture.Store), 1)).Outcome);
        await account.PayAsync(1);
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, 10)).Outcome);
    }

    [Fact]
    public async Task A_free_request_asks_nobody()
    {
        await using var gateway = await GatewayAsync();
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(new AccountUnderTest(fixture.Store), 0)).Outcome);
        Assert.Equal(0, gateway.LeaseCalls);
    }

    [Fact]
    public async Task A_hundred_requests_at_once_share_a_few_questions()
    {
        var account = await PaidAsync(1000);
        await using var gateway = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromSeconds(3) });
        var requested = new TaskCompletionSource();
        var all = new TaskCompletionSource();
        gateway.Before = _ =>
        {
            requested.TrySetResult();
            return all.Task;
        };
        var first = gateway.ReserveAsync(account, 10).AsTask();
        await requested.Task.WaitAsync(Stop);
        var rest = Enumerable.Range(0, 99).Select(_ => gateway.ReserveAsync(account, 10).AsTask()).ToArray();
        all.SetResult();
        var reservations = await Task.WhenAll([first, .. rest]);
        Assert.All(reservations, reservation => Assert.Equal(ReserveOutcome.Reserved, reservation.Outcome));
        Assert.Equal(2, gateway.LeaseCalls);
        Assert.Equal(new Balance(1000, 0, 0, 1000), await account.BalanceAsync());
    }

    [Fact]
    public async Task Money_that_another_gateway_holds_is_waited_for_and_never_called_out_of_funds()
    {
        var account = await PaidAsync(10);
        await using var one = await GatewayAsync();
        await using var two = await GatewayAsync(new LeaseOptions { RecallWait = TimeSpan.FromMinutes(1) });
        var held = await one.ReserveAsync(account, 10);
        var recalled = new TaskCompletionSource();
        two.After = result =>
        {
            if (result.Outcome == LeaseOutcome.Recalled) recalled.TrySetResult();
        };
        var waiting = two.ReserveAsync(account, 10).AsTask();
        await recalled.Task.WaitAsync(Stop);
        Assert.False(waiting.IsCompleted);
        held.Void();
        var got = await waiting;
        Assert.Equal(ReserveOutcome.Reserved, got.Outcome);
        got.Commit();
        await account.IsAsync(new Balance(10, 0, 10, 0));
    }

    [Fact]
    public async Task Money_that_does_not_come_back_in_time_is_recalled_not_missing()
    {
        var account = await PaidAsync(10);
        await using var one = await GatewayAsync();
        await using var two = await GatewayAsync(new LeaseOptions { RecallWait = TimeSpan.FromMilliseconds(200) });
        var held = await one.ReserveAsync(account, 10);
        Assert.Equal(ReserveOutcome.Recalled, (await two.ReserveAsync(account, 10)).Outcome);
        held.Commit();
        await account.IsAsync(new Balance(10, 0, 10, 0));
        Assert.Equal(ReserveOutcome.NotEnough, (await two.ReserveAsync(account, 10)).Outcome);
    }

    [Fact]
    public async Task What_requests_in_flight_hold_is_not_waited_for_whichever_gateway_forwarded_them()
    {
        var account = await PaidAsync(10);
        await using var one = await GatewayAsync();
        await using var two = await GatewayAsync(new LeaseOptions { RecallWait = TimeSpan.FromMinutes(5) });
        var open = await one.ReserveAsync(account, 10);
        open.Forward();
        Assert.Equal((ReserveOutcome.NotEnough, 0UL), await OutcomeAsync(one));
        Assert.Equal((ReserveOutcome.NotEnough, 0UL), await OutcomeAsync(two));

        open.Retract(); // it did not get there
        open.Void();
        await account.IsAsync(new Balance(10, 10, 0, 0));
        Assert.Equal(ReserveOutcome.Reserved, (await two.ReserveAsync(account, 10)).Outcome);

        async Task<(ReserveOutcome, ulong)> OutcomeAsync(LeasingGateway gateway)
        {
            var refused = await gateway.ReserveAsync(account, 10);
            return (refused.Outcome, refused.Funds);
        }
    }

    [Fact]
    public async Task What_an_app_has_had_for_thirty_seconds_is_spent_whatever_comes_of_it()
    {
        var account = await PaidAsync(30);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { Lifetime = TimeSpan.FromMinutes(10), SettleEvery = TimeSpan.FromMilliseconds(1) },
            long.MaxValue, clock);
        var (waiting, forwarded, answered) = (await Next(), await Next(), await Next());
        forwarded.Forward();
        answered.Forward();
        answered.Commit();
        clock.Advance(TimeSpan.FromSeconds(10));
        await PassUntilAsync(new Balance(30, 0, 10, 20, Forwarded: 10));
        Assert.False(forwarded.IsCommitted);

        clock.Advance(TimeSpan.FromSeconds(20));
        await PassUntilAsync(new Balance(30, 0, 20, 10));

        Assert.True(forwarded.IsCommitted);
        forwarded.Void();
        waiting.Void(); // no app has it yet: it may wait for as long as a start takes
        await PassUntilAsync(new Balance(30, 10, 20, 0));

        async Task<Reservation> Next() => await gateway.ReserveAsync(account, 10);

        Task PassUntilAsync(Balance expected) => AccountUnderTest.UntilAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(1)); // a settle may still be in flight: the next tick comes again
                return await fixture.Store.Ledger.ReadAsync(account.Id, Stop) == expected;
            },
            () => $"{expected}");
    }

    [Fact]
    public async Task It_is_spent_with_the_next_request_too_when_no_tick_finds_the_gateway_between_requests()
    {
        var account = await PaidAsync(10);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { Lifetime = TimeSpan.FromMinutes(10), SettleEvery = TimeSpan.FromHours(1) },
            long.MaxValue, clock);
        var forwarded = await gateway.ReserveAsync(account, 10);
        forwarded.Forward();
        clock.Advance(TimeSpan.FromSeconds(30));
        await account.PayAsync(10);

        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, 10)).Outcome);

        Assert.True(forwarded.IsCommitted);
        Assert.Equal(new Balance(20, 0, 10, 10), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_charges_nobody_twice()
    {
        var account = await PaidAsync(100);
        await using var gateway = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(100) });
        var requests = new ConcurrentQueue<LeaseRequest>();
        gateway.Loses = (request, _) =>
        {
            requests.Enqueue(request);
            return requests.Count <= 2;
        };
        Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(account, 10)).Outcome);
        var reserved = await gateway.ReserveAsync(account, 10);
        while (reserved.Outcome == ReserveOutcome.Unavailable) reserved = await gateway.ReserveAsync(account, 10);
        reserved.Commit();
        await account.IsAsync(new Balance(100, 90, 10, 0));
        Assert.Single(requests.Take(3).Distinct()); // the same request, with the same sequence
    }

    [Fact]
    public async Task What_nobody_foresaw_in_a_settle_is_reported_and_the_settle_repeated()
    {
        var account = await PaidAsync(100);
        await using var gateway = await GatewayAsync();
        var reservation = await gateway.ReserveAsync(account, 10);
        var failures = 0;
        gateway.Before = _ => Interlocked.Increment(ref failures) == 1 ? throw new FormatException("not foreseen") : Task.CompletedTask;

        reservation.Commit();

        await account.IsAsync(new Balance(100, 90, 10, 0));
        var requests = gateway.Supervisor.Records.Single(record => record.Status.Name == "lease requests");
        await Eventually.TrueAsync("the work has recovered", () => !requests.Status.IsFailing);
        Assert.Equal((1, "FormatException: not foreseen"), (requests.Status.Failures, requests.Status.LastError));
    }

    [Fact]
    public async Task A_client_that_left_while_its_price_was_asked_for_leaves_the_price_too()
    {
        var account = await PaidAsync(100);
        await using var gateway = await GatewayAsync();
        using var left = new CancellationTokenSource();
        var go = new TaskCompletionSource();
        gateway.Before = _ => go.Task;
        var waiting = gateway.Reservations.ReserveAsync(account.Id, 10, left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        go.SetResult();
        await account.IsAsync(new Balance(100, 100, 0, 0));
    }

    [Fact]
    public async Task A_gateway_holds_no_more_than_it_may_lose()
    {
        var account = await PaidAsync(1000);
        await using var gateway = await GatewayAsync(new LeaseOptions(), maxOut: 25);
        var (one, two) = (await gateway.ReserveAsync(account, 10), await gateway.ReserveAsync(account, 10));
        Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(account, 10)).Outcome);
        one.Commit();
        two.Void();
        await account.IsAsync(new Balance(1000, 990, 10, 0));
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, 20)).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dropped_slice_gives_back_what_its_gateway_may_hold_whether_its_request_was_lost_or_is_in_flight(bool lost)
    {
        var account = await PaidAsync(1000);
        await using var gateway = await GatewayAsync(new LeaseOptions(), maxOut: 10);
        var (requested, go, calls) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        gateway.Before = _ =>
        {
            requested.TrySetResult();
            return go.Task;
        };
        gateway.Loses = (_, _) => Interlocked.Increment(ref calls) == 1;
        var first = gateway.ReserveAsync(account, 10).AsTask();
        await requested.Task.WaitAsync(Stop);
        if (!lost) gateway.Reservations.DropAll();
        go.SetResult();
        Assert.Equal(ReserveOutcome.Unavailable, (await first).Outcome);
        if (lost) gateway.Reservations.DropAll();

        var next = await gateway.ReserveAsync(account, 10);

        Assert.Equal(ReserveOutcome.Reserved, next.Outcome);
        next.Commit();
    }

    [Fact]
    public async Task A_repeated_request_renews_a_lease_from_the_time_of_the_first_one()
    {
        var account = await PaidAsync(100);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { Lifetime = TimeSpan.FromSeconds(10), SettleEvery = TimeSpan.FromHours(1) },
            long.MaxValue, clock);
        var lost = 0;
        gateway.Loses = (_, _) => Interlocked.Increment(ref lost) == 1;
        Assert.Equal(ReserveOutcome.Unavailable, (await gateway.ReserveAsync(account, 10)).Outcome);

        clock.Advance(TimeSpan.FromSeconds(5)); // the store has counted the lease from before
        (await gateway.ReserveAsync(account, 10)).Void();
        var calls = gateway.LeaseCalls;
        clock.Advance(TimeSpan.FromSeconds(5));
        (await gateway.ReserveAsync(account, 10)).Void();

        Assert.Equal(calls + 1, gateway.LeaseCalls); // not spent without renewing it
    }

    [Fact]
    public async Task A_lease_is_not_spent_in_the_last_second_of_its_life()
    {
        var account = await PaidAsync(100);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(
            fixture.Store, new LeaseOptions { Lifetime = TimeSpan.FromSeconds(10), SettleEvery = TimeSpan.FromHours(1) },
            long.MaxValue, clock);
        (await gateway.ReserveAsync(account, 10)).Void();
        clock.Advance(TimeSpan.FromSeconds(8.9));
        (await gateway.ReserveAsync(account, 10)).Void();
        Assert.Equal(1, gateway.LeaseCalls); // what was voided served the next one
        clock.Advance(TimeSpan.FromSeconds(0.2));
        (await gateway.ReserveAsync(account, 10)).Commit();
        Assert.Equal(2, gateway.LeaseCalls);
    }

    [Fact]
    public async Task After_a_sweep_the_gateway_drops_the_slice_and_the_payer_pays_nothing_for_it()
    {
        var account = await PaidAsync(100);
        await using var gateway =
            await GatewayAsync(new LeaseOptions { Lifetime = TimeSpan.FromSeconds(3), SettleEvery = TimeSpan.FromSeconds(1) });
        var go = new TaskCompletionSource();
        var late = await gateway.ReserveAsync(account, 10);
        gateway.Before = _ => go.Task; // as if the gateway had been frozen
        late.Commit();
        var expires = await account.LeaseExpiryAsync();
        await AccountUnderTest.UntilAsync(async () => (await account.StoreTimeAsync()).ToUnixTimeMilliseconds() > expires);
        await account.PayAsync(1);
        Assert.Equal(new Balance(101, 101, 0, 0), await account.BalanceAsync());
        go.SetResult();
        (await gateway.ReserveAsync(account, 10)).Commit();
        await account.IsAsync(new Balance(101, 91, 10, 0));
    }

    [Fact]
    public async Task At_the_end_everything_is_settled_and_returned()
    {
        var account = await PaidAsync(100);
        await using (var gateway = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromSeconds(3) }))
        {
            (await gateway.ReserveAsync(account, 10)).Commit();
            _ = await gateway.ReserveAsync(account, 20); // never ended: its request was aborted
        }
        Assert.Equal(new Balance(100, 90, 10, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task What_the_last_requests_cost_is_counted_at_the_end()
    {
        using var debited = new RefusalCounter("codius.debited", ("for", "requests"));
        var account = await PaidAsync(1_000_000_000_000);
        await using (var gateway = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromMinutes(10) }))
            (await gateway.ReserveAsync(account, 900_000_000_000)).Commit();

        // Far more than all other tests.
        debited.AssertAtLeast(900_000_000_000);
    }

    [Fact]
    public async Task Two_gateways_and_a_hundred_spenders_account_for_every_unit()
    {
        const ulong Price = 7;
        var account = await PaidAsync(5_000);
        await using var one = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(100) });
        await using var two = await GatewayAsync(new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(100) });
        long committed = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(spender => Task.Run(async () =>
        {
            var gateway = spender % 2 == 0 ? one : two;
            for (var visit = 0; ; visit++)
            {
                var reservation = await gateway.ReserveAsync(account, Price);
                if (reservation.Outcome == ReserveOutcome.NotEnough) return;
                if (reservation.Outcome != ReserveOutcome.Reserved) continue;
                if ((spender + visit) % 3 == 0)
                {
                    reservation.Void();
                    continue;
                }
                reservation.Commit();
                Interlocked.Increment(ref committed);
            }
        }, Stop)));
        // No visit is refused as "out of funds" while a price is left anywhere, and everything committed is charged, once.
        await account.IsAsync(new Balance(5_000, 5_000 % Price, 5_000 - 5_000 % Price, 0));
        Assert.Equal(5_000 / (long)Price, committed);
    }

    private async Task<AccountUnderTest> PaidAsync(ulong amount)
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(amount);
        return account;
    }

    private Task<LeasingGateway> GatewayAsync(LeaseOptions? options = null, ulong maxOut = long.MaxValue) =>
        LeasingGateway.StartAsync(fixture.Store, options ?? new LeaseOptions { SettleEvery = TimeSpan.FromMilliseconds(100) }, maxOut);
}

/// <summary>On a real Redis.</summary>
public sealed class RedisReservationTests(RedisFixture fixture) : ReservationContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetReservationTests(GarnetFixture fixture) : ReservationContract(fixture), IClassFixture<GarnetFixture>;
