using System.Net;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting;

public sealed class EndpointRateLimiterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EndpointRateLimiter _limiter;

    public EndpointRateLimiterTests() => _limiter = new(_time, new PaymentsOptions(), new LiveGateways(), (_, _) => { });

    [Fact]
    public async Task One_48_uses_up_no_accounts_rate_and_a_payer_is_still_served()
    {
        for (var second = 0; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 2_000; i++) await EnterAsync($"2001:db8:1:{i % 200:x}::1");
        }

        Assert.False(await EnterAsync("2001:db8:1:1::1"));
        Assert.True(await EnterAsync("2001:db8:2:1::1"));
    }

    [Fact]
    public async Task Twenty_addresses_that_ask_as_much_as_wallets_servers_may_leave_a_payer_its_turn()
    {
        for (var second = 0; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 10_000; i++) await _limiter.EnterAccountAsync(From($"198.51.100.{i % 20}"), "spsp", "hello", Silent);
        }

        Assert.False(await EnterAsync("198.51.100.1"));
        for (var i = 0; i < 10; i++) Assert.True(await EnterAsync("192.0.2.1"));
    }

    private ValueTask<bool> EnterAsync(string client) => _limiter.EnterAsync(From(client), "spsp", "hello", Silent);

    private static DefaultHttpContext From(string client) =>
        new() { Connection = { RemoteIpAddress = IPAddress.Parse(client) } };

    private static Task Silent(HttpContext context, TimeSpan wait, string detail) => Task.CompletedTask;
}
