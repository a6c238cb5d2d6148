using System.Collections.Concurrent;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.ClusterTests.Cluster;
using Codius.Web.Tests.Apps;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.ClusterTests.Apps;

/// <summary>The contract on pods of a real cluster.</summary>
[Collection("cluster")]
public sealed class PodRunnerTests : AppRunnerContract
{
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _starts = new(StringComparer.Ordinal);
    private ClusterGateway? _gateway;

    private protected override IAppRunner Runner => _gateway!.First.Services.GetRequiredService<IAppRunner>();

    private protected override HostedApp Hello(string name, string hash) => Deployed(ClusterGateway.Hello(name, hash), hash);

    private protected override HostedApp Failing(string name, string hash) =>
        Deployed(ClusterGateway.Hello(name, hash, ["sh", "-c", "echo 'no database' >&2; exit 1"]), hash);

    // Pods, and for those that started well the restarts of their containers.
    private protected override int StartsOf(string hash) =>
        hash == "broken" ? _starts.Keys.Count(key => key.StartsWith(_hashes[hash], StringComparison.Ordinal))
            : _starts.Where(start => start.Key.StartsWith(_hashes[hash], StringComparison.Ordinal)).Sum(start => 1 + start.Value);

    [Fact]
    public async Task An_app_that_a_visit_could_not_connect_to_is_waking_until_it_accepts_connections()
    {
        var app = Hello("hello", "one");
        var before = await WakeAsync(app);

        Runner.ReportUnreachable(app, before);

        Assert.NotSame(before, Runner.StateOf(app));
        var now = Assert.IsType<AppState.Awake>(await Runner.WhenReadyOrFailedAsync(app, TestContext.Current.CancellationToken));
        Assert.NotSame(before, now);
        Assert.Equal(before.Address, now.Address);
    }

    private protected override void Crash(HostedApp app)
    {
        var pod = _gateway!.First.Services.GetRequiredService<ClusterView>()
            .PodsOf(app.Hash).Single(pod => pod.Metadata.DeletionTimestamp is null);
        // Not awaited: the connection ends with the container.
        _ = KillAllInAsync(pod.Metadata.Name);
    }

    private static async Task KillAllInAsync(string pod)
    {
        string[] kill = ["exec", "-n", TestCluster.Namespace, pod, "--", "sh", "-c", "kill -9 -1; kill 1"];
        // Repeated only if the command never arrived: the container is restarted, and must not be killed twice.
        while (await TestCluster.RunAsync("kubectl", kill) is { Exit: not 0 } failed
            && failed.Errors.Contains("unable to upgrade connection", StringComparison.Ordinal))
        {
        }
    }

    public override async ValueTask InitializeAsync()
    {
        TestCluster.SkipWithout();
        await TestCluster.ClearAsync();
        _gateway = await ClusterGateway.StartAsync(settings: "Sleeping:IdleAfter=01:00:00");
        await _gateway.LeaderAsync();
        _gateway.First.Services.GetRequiredService<ClusterView>().Pods.Changed += (_, now) => Count(now);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        await base.DisposeAsync();
    }

    private HostedApp Deployed(StoredApp app, string hash)
    {
        _hashes[hash] = app.Hash;
        // The contract is synchronous here.
        return _gateway!.DeployAsync(app).GetAwaiter().GetResult();
    }

    private void Count(V1Pod? pod)
    {
        if (pod is null) return;
        var key = $"{pod.Metadata.Labels["codius.org/service"][4..]} {pod.Metadata.Uid}";
        _starts[key] = Math.Max(_starts.GetValueOrDefault(key), pod.Status?.ContainerStatuses?.Sum(status => status.RestartCount) ?? 0);
    }
}
