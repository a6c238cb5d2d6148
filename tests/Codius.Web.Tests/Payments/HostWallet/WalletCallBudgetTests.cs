using System.Net;
using Codius.Web.Hosting.Rates;
using Codius.Web.Payments;
using Codius.Web.Payments.HostWallet;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments.HostWallet;

public sealed class WalletCallBudgetTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveGateways _gateways = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Looks_use_what_a_second_allows_and_no_more()
    {
        var budget = Budget(10);

        Assert.Equal((10, 0), (budget.Acquire(100), budget.Acquire(100)));
        budget.Return(3);
        Assert.Equal(3, budget.Acquire(100));
    }

    [Fact]
    public void Several_gateways_share_it()
    {
        _gateways.Count = 5;

        Assert.Equal(2, Budget(10).Acquire(100));
    }

    [Fact]
    public async Task A_payer_waits_a_moment_for_its_turn()
    {
        var budget = Budget(10);
        budget.Acquire(100);

        var turn = budget.WaitAsync(IPAddress.Loopback, Stop);
        Assert.False(turn.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(101));

        Assert.True(await turn);
    }

    [Fact]
    public async Task One_payer_that_wants_many_leaves_room_for_others()
    {
        var budget = Budget(10);
        var turns = Enumerable.Range(0, 100).Select(_ => budget.WaitAsync(IPAddress.Parse("192.0.2.1"), Stop)).ToList();

        turns.Add(budget.WaitAsync(IPAddress.Parse("192.0.2.2"), Stop));
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains(false, await Task.WhenAll(turns));
        Assert.True(await turns[^1]);
    }

    [Fact]
    public async Task One_payer_has_a_third_of_what_is_not_kept_for_those_that_ask_seldom()
    {
        var budget = Budget(60);
        var turns = Enumerable.Range(0, 100).Select(_ => budget.WaitAsync(IPAddress.Parse("192.0.2.1"), Stop)).ToList();
        _clock.Advance(TimeSpan.FromSeconds(2));

        // Half of the calls are of payers, of these half is not kept, and a third of three seconds' is 15. Hints are a quarter.
        Assert.Equal(15, (await Task.WhenAll(turns)).Count(isMade => isMade));
        Assert.Equal(8, Enumerable.Range(0, 100).Count(_ => budget.TryHint(IPAddress.Parse("192.0.2.1"))));
    }

    [Fact]
    public async Task Many_payers_leave_half_of_the_calls_to_looks()
    {
        var budget = Budget(10);
        var turns = Enumerable.Range(0, 1_000)
            .Select(payer => budget.WaitAsync(IPAddress.Parse($"192.0.{payer / 250}.{payer % 250}"), Stop)).ToList();
        _clock.Advance(TimeSpan.FromSeconds(3));

        // Three seconds' half, of which each part is rounded up.
        Assert.InRange((await Task.WhenAll(turns)).Count(isMade => isMade), 1, 16);
        Assert.Equal(10, budget.Acquire(100));
    }

    [Fact]
    public void Hints_of_one_party_leave_room_for_those_of_others()
    {
        var budget = Budget(10);

        Assert.InRange(Enumerable.Range(0, 1_000).Count(_ => budget.TryHint(IPAddress.Parse("192.0.2.1"))), 1, 15);
        Assert.True(budget.TryHint(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public async Task A_wallet_that_wants_to_be_left_alone_gets_no_calls()
    {
        var budget = Budget(10);
        budget.Pause(TimeSpan.FromSeconds(30));

        Assert.Equal(0, budget.Acquire(100));
        Assert.False(await budget.WaitAsync(IPAddress.Loopback, Stop));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(10, budget.Acquire(100));
    }

    private WalletCallBudget Budget(int calls) => new(Options.Create(new PaymentsOptions { WalletCalls = calls }), _gateways, _clock);
}
