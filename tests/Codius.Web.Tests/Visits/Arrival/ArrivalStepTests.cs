using System.Net;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Visits;
using Codius.Web.Visits.Arrival;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Arrival;

/// <summary>What its owner does to an app while a request waits for its turn.</summary>
public sealed class ArrivalStepTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeApps _apps = new();
    private readonly ArrivalStep _arrival;

    public ArrivalStepTests()
    {
        var options = Options.Create(new ClientLimitOptions { PerSecond = 1, Burst = 1 });
        _arrival = new ArrivalStep(_apps, _apps,
            new ClientRateLimiter(_time, new WaitingClients(options, new LiveGateways()), options, Options.Create(new AppOptions()),
                new LiveGateways()),
            new WakeRules(Options.Create(new DoNotWakeOptions())));
        _apps.Host("hello");
    }

    [Fact]
    public async Task An_app_that_is_deleted_while_a_request_waits_for_its_turn_is_unknown()
    {
        var (_, waiting) = await WaitAsync();

        _apps.Delete("hello");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(VisitOutcome.UnknownApp, await waiting);
    }

    [Fact]
    public async Task A_request_that_waited_for_its_turn_visits_the_version_that_was_deployed_meanwhile()
    {
        var (visit, waiting) = await WaitAsync();

        var newer = _apps.Host("hello", hash: 'b');
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((VisitOutcome.None, newer), (await waiting, visit.App));
    }

    private async Task<(Visit, Task<VisitOutcome>)> WaitAsync()
    {
        Assert.Equal(VisitOutcome.None, await _arrival.EnterAsync(New()));
        var visit = New();
        var waiting = _arrival.EnterAsync(visit).AsTask();
        Assert.False(waiting.IsCompleted);
        return (visit, waiting);
    }

    private static Visit New()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Features.Set(new HostMatchFeature(new HostMatch(HostMatchKind.App, "hello")));
        return new Visit(context, 0);
    }
}
