using System.Net;
using Codius.Web.Apps;
using Codius.Web.Hosting.Rates;
using Codius.Web.Visits.Arrival;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Arrival;

public sealed class ClientRateLimiterTests
{
    private static readonly IPAddress Client = IPAddress.Parse("203.0.113.7");
    private readonly FakeTimeProvider _time = new();
    private readonly LiveGateways _gateways = new();

    [Fact]
    public void A_rested_client_may_burst_and_then_goes_at_the_rate()
    {
        var limit = Limit(perSecond: 2, burst: 3);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => IsAdmitted(limit)));
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(1, RetryAfterOf(limit));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(IsAdmitted(limit));
        Assert.False(IsAdmitted(limit));
    }

    [Fact]
    public void A_refused_request_costs_no_token()
    {
        var limit = Limit(perSecond: 1, burst: 1);
        Assert.True(IsAdmitted(limit));
        for (var i = 0; i < 100; i++) Assert.False(IsAdmitted(limit));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(IsAdmitted(limit));
    }

    [Fact]
    public void Whatever_the_turns_of_generations_no_client_gets_more_than_burst_and_rate()
    {
        var limit = Limit(perSecond: 1, burst: 5);

        var taken = 0;
        for (var second = 0; second <= 60; second++)
        {
            for (var i = 0; i < 10; i++) taken += IsAdmitted(limit) ? 1 : 0;
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5 + 60, taken);
    }

    [Fact]
    public void A_flood_of_clients_keeps_nobody_out()
    {
        var limit = Limit(perSecond: 1, burst: 1, tracked: 100);

        for (var i = 0; i < 10_000; i++) Assert.True(IsAdmitted(limit, $"2001:db8:{i:x}::"));
    }

    [Fact]
    public void Each_app_counts_its_clients_for_itself()
    {
        var limit = Limit(perSecond: 1, burst: 1);

        Assert.True(IsAdmitted(limit));
        Assert.True(IsAdmitted(limit, app: App("other")));
        Assert.False(IsAdmitted(limit));
    }

    [Fact]
    public async Task What_comes_a_little_too_fast_waits_for_its_turn_in_the_order_in_which_it_came()
    {
        var limit = Limit(perSecond: 2, burst: 1, maxWait: TimeSpan.FromSeconds(1));
        Assert.True(IsAdmitted(limit));

        var second = limit.AdmitAsync(Client, App(), Cancellation).AsTask();
        var third = limit.AdmitAsync(Client, App(), Cancellation).AsTask();
        Assert.Equal(2, RetryAfterOf(limit));

        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0, await second);
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0, await third);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_gives_its_turn_back()
    {
        var limit = Limit(perSecond: 1, burst: 1, maxWait: TimeSpan.FromSeconds(1));
        Assert.True(IsAdmitted(limit));
        using var client = new CancellationTokenSource();

        var waiting = limit.AdmitAsync(Client, App(), client.Token).AsTask();
        Assert.Equal(2, RetryAfterOf(limit));
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var next = limit.AdmitAsync(Client, App(), Cancellation).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await next);
    }

    [Theory]
    [InlineData(1, 10, "203.0.113.7")]
    [InlineData(10, 1, "203.0.113.8")]
    public async Task Waiting_requests_are_bounded_per_client_and_in_total(int perClient, int all, string other)
    {
        var limit = Limit(perSecond: 1, burst: 1, maxWait: TimeSpan.FromSeconds(5), perClient: perClient, all: all);
        Assert.True(IsAdmitted(limit) && IsAdmitted(limit, other, App("other")));

        var waiting = limit.AdmitAsync(Client, App(), Cancellation).AsTask();
        Assert.NotEqual(0, RetryAfterOf(limit, other, App("other")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await waiting);

        // A refusal cost no turn, and there is room to wait again.
        Assert.True(IsAdmitted(limit, other, App("other")));
        var next = limit.AdmitAsync(IPAddress.Parse(other), App("other"), Cancellation).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await next);
    }

    [Fact]
    public void An_apps_owner_sets_its_rate_within_the_hosts_bounds()
    {
        var limit = Limit(perSecond: 1, burst: 2);
        var (slow, fast, greedy) = (App("slow", new(1, 1)), App("fast", new(100, 5)), App("greedy", new(1_000_000, 1_000_000)));

        Assert.Equal(1, Enumerable.Range(0, 100).Count(_ => IsAdmitted(limit, app: slow)));
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => IsAdmitted(limit, app: fast)));
        Assert.Equal(20_000, Enumerable.Range(0, 30_000).Count(_ => IsAdmitted(limit, app: greedy)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1_000, Enumerable.Range(0, 2_000).Count(_ => IsAdmitted(limit, app: greedy)));
        Assert.Equal(2, Enumerable.Range(0, 100).Count(_ => IsAdmitted(limit)));
    }

    [Fact]
    public void A_request_within_the_limit_allocates_nothing()
    {
        var limit = Limit(perSecond: 1_000, burst: 5_000, maxWait: TimeSpan.FromSeconds(2));
        var app = App();
        for (var i = 0; i < 100; i++) IsAdmitted(limit, app: app);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var admitted = 0;
        for (var i = 0; i < 1_000; i++) admitted += IsAdmitted(limit, app: app) ? 1 : 0;

        Assert.Equal((before, 1_000), (GC.GetAllocatedBytesForCurrentThread(), admitted));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static HostedApp App(string name = "hello", VisitSettings? visits = null) =>
        new(name, new string('a', 52), "an image") { Visits = visits ?? VisitSettings.None };

    private static bool IsAdmitted(ClientRateLimiter limit, string? client = null, HostedApp? app = null) =>
        RetryAfterOf(limit, client, app) == 0;

    private static int RetryAfterOf(ClientRateLimiter limit, string? client = null, HostedApp? app = null)
    {
        var admission = limit.AdmitAsync(client is null ? Client : IPAddress.Parse(client), app ?? App(), Cancellation);
        return admission.IsCompletedSuccessfully ? admission.Result : throw new InvalidOperationException("It waits for its turn");
    }

    private ClientRateLimiter Limit(
        int perSecond, int burst, int tracked = 1000, TimeSpan maxWait = default, int perClient = 200, int all = 10_000)
    {
        var options = Options.Create(new ClientLimitOptions
        {
            PerSecond = perSecond,
            Burst = burst,
            Tracked = tracked,
            MaxWait = maxWait,
            MaxWaitingPerClient = perClient,
            MaxWaiting = all,
        });
        return new(_time, new WaitingClients(options, _gateways), options, Options.Create(new AppOptions()), _gateways);
    }
}
