using System.Net;
using Codius.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting;

public sealed class OutboundBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OutboundBudget _budget;

    public OutboundBudgetTests() => _budget = new(_time, perHost: new(2, 20), perCaller: new(1, 3));

    [Fact]
    public void A_caller_has_so_many_requests_at_each_host_and_another_caller_its_own()
    {
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => TryAcquire("192.0.2.1", "a.example")));
        Assert.True(TryAcquire("192.0.2.1", "b.example"));
        Assert.False(TryAcquire("192.0.2.1", "A.EXAMPLE"));
        Assert.True(TryAcquire("192.0.2.2", "a.example"));
    }

    [Fact]
    public void An_IPv6_network_is_one_caller_and_an_IPv4_address_in_IPv6_form_is_itself()
    {
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => TryAcquire($"2001:db8::{i:x}", "a.example")));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(i => TryAcquire(i % 2 == 0 ? "::ffff:192.0.2.1" : "192.0.2.1", "a.example")));
    }

    [Fact]
    public void Strangers_from_everywhere_leave_half_of_a_host_to_those_that_were_good_before()
    {
        Assert.Equal(10, Enumerable.Range(0, 200).Count(i => TryAcquire($"192.0.2.{i}", "a.example")));
        Assert.Equal(10, Enumerable.Range(0, 200).Count(i => TryAcquire($"198.51.100.{i}", "a.example", isKnown: true)));
    }

    [Fact]
    public void A_caller_has_its_part_of_what_is_kept_for_those_that_were_good_before_and_then_its_part_of_the_strangers() =>
        Assert.Equal(3 + 3, Enumerable.Range(0, 200).Count(_ => TryAcquire("192.0.2.1", "a.example", isKnown: true)));

    [Fact]
    public void Five_networks_of_one_48_and_five_addresses_that_ask_much_leave_something_to_a_caller_that_asks_seldom()
    {
        var budget = new OutboundBudget(_time, perHost: new(20, 200), perCaller: new(2, 20));
        bool TryOf(string caller) => budget.TryAcquire(IPAddress.Parse(caller), "a.example", isKnown: false);
        Assert.Equal(20, Enumerable.Range(0, 500).Count(i => TryOf($"2001:db8:1:{i % 5}::1")));
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 500; i++) TryOf($"192.0.2.{i % 10}");
        }

        Assert.False(TryOf("192.0.2.1"));
        Assert.True(TryOf("198.51.100.1"));
    }

    [Fact]
    public void Of_two_servers_each_has_half_of_the_budgets()
    {
        var budget = new OutboundBudget(_time, perHost: new(20, 200), perCaller: new(2, 20), () => 2);

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryAcquire(IPAddress.Parse("192.0.2.1"), "a.example", isKnown: false)));
    }

    private bool TryAcquire(string caller, string host, bool isKnown = false) =>
        _budget.TryAcquire(IPAddress.Parse(caller), host, isKnown);
}
