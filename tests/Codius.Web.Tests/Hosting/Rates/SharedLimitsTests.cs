using System.Net;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages;
using Codius.Web.Pages.Following;
using Codius.Web.Payments;
using Codius.Web.Visits.Arrival;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Rates;

/// <summary>Principle 5: of two gateways each enforces half of a limit, so that a client of both gets no more than the limit.</summary>
public sealed class SharedLimitsTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");
    private readonly FakeTimeProvider _time = new();
    private readonly LiveGateways _two = new() { Count = 2 };

    [Fact]
    public async Task The_rate_of_a_client_and_of_an_account_at_an_endpoint()
    {
        var rates = new PaymentsOptions { PerClient = 1, PerClientBurst = 4, PerAccount = 1, PerAccountBurst = 100 };
        var limiter = new EndpointRateLimiter(_time, rates, _two, (_, _) => { });
        Assert.Equal(2, await CountAsync(() => limiter.EnterAsync(From(Client), "spsp", "hello", Silent), 10));

        rates = new PaymentsOptions { PerClient = 1, PerClientBurst = 100, PerAccount = 1, PerAccountBurst = 24 };
        limiter = new EndpointRateLimiter(_time, rates, _two, (_, _) => { });
        Assert.Equal(3, await CountAsync(() => limiter.EnterAsync(From(Client), "spsp", "hello", Silent), 10));

        static Task Silent(HttpContext context, TimeSpan wait, string detail) => Task.CompletedTask;
    }

    [Fact]
    public async Task The_rate_at_which_a_client_spends_an_apps_money_and_it_changes_with_the_gateways()
    {
        var options = Options.Create(new ClientLimitOptions { PerSecond = 1, Burst = 8, MaxWait = TimeSpan.Zero });
        var app = new HostedApp("hello", "hash", "image");
        var limiter = new ClientRateLimiter(_time, new WaitingClients(options, _two), options, Options.Create(new AppOptions()), _two);
        async ValueTask<bool> AdmitAsync() => await limiter.AdmitAsync(Client, app, TestContext.Current.CancellationToken) == 0;
        Assert.Equal(4, await CountAsync(AdmitAsync, 20));

        _two.Count = 1;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(8, await CountAsync(AdmitAsync, 20));
    }

    [Fact]
    public void The_requests_of_a_client_that_wait_and_its_event_streams()
    {
        var waiting = new WaitingClients(Options.Create(new ClientLimitOptions { MaxWaitingPerClient = 4 }), _two);
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => waiting.TryEnter(ClientNetwork.Of(Client))));

        var slots = new StreamSlots(Options.Create(new PageOptions { MaxEventStreamsPerClient = 6 }), _two);
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => slots.TryReserve(Client, out var slot) == SlotOutcome.Reserved));
    }

    private static DefaultHttpContext From(IPAddress client) => new DefaultHttpContext { Connection = { RemoteIpAddress = client } };

    private static async Task<int> CountAsync(Func<ValueTask<bool>> enter, int times)
    {
        var entered = 0;
        for (var i = 0; i < times; i++)
            if (await enter()) entered++;
        return entered;
    }
}
