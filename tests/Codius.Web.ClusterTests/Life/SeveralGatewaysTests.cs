using System.Net;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.ClusterTests.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.ClusterTests.Life;

/// <summary>Gateways side by side on one Redis and one cluster, and a cluster that is away for a while.</summary>
[Collection("cluster")]
public sealed class SeveralGatewaysTests : IAsyncLifetime
{
    private ClusterGateway? _gateways;

    public async ValueTask InitializeAsync()
    {
        TestCluster.SkipWithout();
        await TestCluster.ClearAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateways is not null) await _gateways.DisposeAsync();
    }

    [Fact]
    public async Task Any_wakes_and_the_leader_puts_to_sleep_what_no_gateway_has_open()
    {
        _gateways = await ClusterGateway.StartAsync(2, "Sleeping:IdleAfter=00:00:08");
        var leader = await _gateways.LeaderAsync();
        var other = leader == _gateways.First ? _gateways.Second : _gateways.First;
        var app = await _gateways.DeployAsync(ClusterGateway.Hello("shared"));

        Assert.Equal(HttpStatusCode.OK, (await other.VisitAsync("shared")).Status);
        using (var socket = await other.OpenSocketAsync("shared"))
        {
            await Eventually.TrueAsync("both see it awake", () =>
                StateOf(leader, app) is AppState.Awake && StateOf(other, app) is AppState.Awake);
            var state = StateOf(leader, app);
            // Longer than it may be idle: each echo comes when the one before was answered.
            for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20);)
                await socket.EchoAsync("still here");
            Assert.Same(state, StateOf(leader, app));
        }

        await Eventually.TrueAsync("both see it asleep", () =>
            StateOf(leader, app) is AppState.AsleepState && StateOf(other, app) is AppState.AsleepState);
    }

    [Fact]
    public async Task When_the_leader_ends_the_other_gateway_leads_and_apps_stay_awake()
    {
        _gateways = await ClusterGateway.StartAsync(2);
        var leader = await _gateways.LeaderAsync();
        var app = await _gateways.DeployAsync(ClusterGateway.Hello("heir"));
        var heir = leader == _gateways.First ? _gateways.Second : _gateways.First;
        Assert.Equal(HttpStatusCode.OK, (await leader.VisitAsync("heir")).Status);
        await Eventually.TrueAsync("the other sees it awake", () => StateOf(heir, app) is AppState.Awake);
        var state = StateOf(heir, app);

        await _gateways.StopAsync(leader);

        await Eventually.TrueAsync("the other leads", () => heir.Services.GetRequiredService<Leadership>().IsLeader);
        Assert.Same(state, StateOf(heir, app));
        Assert.Equal(HttpStatusCode.OK, (await heir.VisitAsync("heir")).Status);
    }

    [Fact]
    public async Task An_API_server_that_is_away_keeps_no_visit_from_an_awake_app_and_wakes_wait()
    {
        _gateways = await ClusterGateway.StartAsync();
        var gateway = _gateways.First;
        var awake = await _gateways.DeployAsync(ClusterGateway.Hello("awake"));
        await _gateways.DeployAsync(ClusterGateway.Hello("sleeper", "2"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.VisitAsync("awake")).Status);
        var state = StateOf(gateway, awake);

        await TestCluster.SignalApiServerAsync("STOP");
        Task<(HttpStatusCode Status, string Text)> waiting;
        try
        {
            waiting = gateway.VisitAsync("sleeper");
            for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
                Assert.Equal(HttpStatusCode.OK, (await gateway.VisitAsync("awake")).Status);
            Assert.Same(state, StateOf(gateway, awake));
            Assert.False(waiting.IsCompleted);
        }
        finally
        {
            await TestCluster.SignalApiServerAsync("CONT");
        }

        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        Assert.Same(state, StateOf(gateway, awake));
    }

    private static AppState StateOf(GatewayUnderTest gateway, HostedApp app) =>
        gateway.Services.GetRequiredService<IAppRunner>().StateOf(app);
}
