using System.Net;
using Codius.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting;

public sealed class OutboundBudgetTests
{
    private readonly OutboundBudget _budget = new(new FakeTimeProvider(), perHost: new(2, 20), perCaller: new(1, 3));

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
        Assert.Equal(10, Enumerable.Range(0, 200).Count(_ => TryAcquire("192.0.2.201", "a.example", isKnown: true)));
    }

    private bool TryAcquire(string caller, string host, bool isKnown = false) =>
        _budget.TryAcquire(IPAddress.Parse(caller), host, isKnown);
}
