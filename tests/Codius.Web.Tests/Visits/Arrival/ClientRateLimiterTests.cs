using System.Net;
using Codius.Web.Visits.Arrival;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Arrival;

public sealed class ClientRateLimiterTests
{
    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.7");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_rested_client_may_burst_and_then_goes_at_the_rate()
    {
        var limit = Limit(perSecond: 2, burst: 3);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limit.TryEnter(Client, "hello", out var _)));
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(limit.TryEnter(Client, "hello", out var wait));
        Assert.Equal(1, wait);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limit.TryEnter(Client, "hello", out _));
        Assert.False(limit.TryEnter(Client, "hello", out _));
    }

    [Fact]
    public void A_refused_request_costs_no_token()
    {
        var limit = Limit(perSecond: 1, burst: 1);
        Assert.True(limit.TryEnter(Client, "hello", out _));
        for (var i = 0; i < 100; i++) Assert.False(limit.TryEnter(Client, "hello", out _));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(limit.TryEnter(Client, "hello", out _));
    }

    [Fact]
    public void Whatever_the_turns_of_generations_no_client_gets_more_than_burst_and_rate()
    {
        var limit = Limit(perSecond: 1, burst: 5);

        var taken = 0;
        for (var second = 0; second <= 60; second++)
        {
            for (var i = 0; i < 10; i++) taken += limit.TryEnter(Client, "hello", out _) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5 + 60, taken);
    }

    [Fact]
    public void A_flood_of_clients_keeps_nobody_out()
    {
        var limit = Limit(perSecond: 1, burst: 1, tracked: 100);

        for (var i = 0; i < 10_000; i++) Assert.True(limit.TryEnter(IPAddress.Parse($"2001:db8:0:{i:x}::"), "hello", out _));
    }

    [Fact]
    public void Each_app_counts_its_clients_for_itself()
    {
        var limit = Limit(perSecond: 1, burst: 1);

        Assert.True(limit.TryEnter(Client, "hello", out _));
        Assert.True(limit.TryEnter(Client, "other", out _));
        Assert.False(limit.TryEnter(Client, "hello", out _));
    }

    private ClientRateLimiter Limit(int perSecond, int burst, int tracked = 1000) =>
        new(_time, Options.Create(new ClientLimitOptions { PerSecond = perSecond, Burst = burst, Tracked = tracked }));
}
