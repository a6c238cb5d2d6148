using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Steering;
using Codius.Web.Tests.Apps.Manifests;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>What the host's owner wants of an app that runs as a pod: the leader does it.</summary>
public sealed class SteeredPodsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_app_that_wakes_is_put_to_sleep_when_it_is_blocked_or_should_sleep(bool blocks)
    {
        var hash = ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);
        var name = AppAnnotations.ServiceOf(hash);
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("hello", hash));
        cluster.Add(FakeCluster.Deployments, new V1Deployment
        {
            Metadata = FakeCluster.Metadata(name, (AppAnnotations.Service, name), (AppObjects.ManagedBy, AppObjects.Manager)),
            Spec = new V1DeploymentSpec { Replicas = 0, Template = new V1PodTemplateSpec() },
        });
        await using var gateway = await cluster.StartGatewayAsync();
        var (runner, steering) = (gateway.Services.GetRequiredService<IAppRunner>(), gateway.Services.GetRequiredService<IAppSteering>());
        Assert.True(gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind("hello", out var app));
        Assert.IsType<AppState.WakingState>(runner.Wake(app));
        var waiting = runner.WhenReadyOrFailedAsync(app, Stop);

        var result = blocks ? await steering.ChangeAsync("hello", new AppSteering(null, null, "No.", 0), 0, Stop)
            : await steering.RequestSleepAsync("hello", Stop);

        Assert.Equal(SteeringResult.Done, result);
        Assert.Same(AppState.Failed.PutToSleep, await waiting);
        Assert.Same(AppState.Asleep, runner.StateOf(app));
        var store = gateway.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await Eventually.TrueAsync("no gateway needs its pod any more", async () =>
            await store.HashExistsAsync("codius-apps:{all}:awake", "hello") ? (bool?)null : true);
        Assert.True(gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind("hello", out var now));
        Assert.Equal(blocks ? "No." : null, now.BlockedWords);
    }
}
