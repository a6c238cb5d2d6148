using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Tests.Apps.Manifests;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>The status of a custom resource and its Events, which every deploy token may read.</summary>
public sealed class StatusWriterTests
{
    private static readonly string Hash =
        ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":80}}""").Spec);

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // it failed before it was looked at
    public async Task A_failed_start_is_explained_without_what_the_app_wrote(bool seenBefore)
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("leaky", Hash));
        await using var gateway = await cluster.StartGatewayAsync();
        var apps = new FakeApps();
        apps.Host("leaky", wholeHash: Hash);
        var services = gateway.Services;
        var writer = new StatusWriter(cluster.Client, services.GetRequiredService<ClusterView>(),
            services.GetRequiredService<KubernetesCatalog>(), apps, services.GetRequiredService<IBalanceLedger>(),
            services.GetRequiredService<Prices>(), new FakeSteering(), TimeProvider.System);
        if (seenBefore) await writer.WriteAsync("leaky", TestContext.Current.CancellationToken);

        apps.Set("leaky", new AppState.Failed("It ended with exit code 3.") { Output = "the password is hunter2" });
        await writer.WriteAsync("leaky", TestContext.Current.CancellationToken);

        // The status and the Event.
        Assert.Equal(2, cluster.Bodies.Count(body => body.Contains("It ended with exit code 3.", StringComparison.Ordinal)));
        Assert.DoesNotContain(cluster.Bodies, body => body.Contains("hunter2", StringComparison.Ordinal));
    }
}
