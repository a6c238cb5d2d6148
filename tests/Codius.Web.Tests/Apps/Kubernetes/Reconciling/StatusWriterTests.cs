using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Tests.Apps.Manifests;
using Codius.Web.Tests.Balances;
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

    [Fact]
    public async Task Of_many_statuses_those_are_found_that_are_not_written_as_they_are()
    {
        var stop = TestContext.Current.CancellationToken;
        using var cluster = new FakeCluster { OtherLeader = "another gateway" };
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("one", Hash));
        await using var gateway = await cluster.StartGatewayAsync();
        var apps = new FakeApps();
        apps.Host("one", wholeHash: Hash);
        var services = gateway.Services;
        var (view, ledger) = (services.GetRequiredService<ClusterView>(), services.GetRequiredService<IBalanceLedger>());
        var writer = new StatusWriter(cluster.Client, view, services.GetRequiredService<KubernetesCatalog>(), apps, ledger,
            services.GetRequiredService<Prices>(), new FakeSteering(), TimeProvider.System);
        Assert.Equal(["one"], await writer.FindChangedAsync(["one", "gone"], stop));

        await writer.WriteAsync("one", stop);
        var written = JsonNode.Parse(FakeCluster.Resource("one", Hash, "2"))!;
        written["status"] = JsonNode.Parse(cluster.Bodies.Last())!["status"]!.DeepClone();
        await cluster.ReportAsync(FakeCluster.Apps, "MODIFIED", written.ToJsonString());
        await Eventually.TrueAsync("it is seen", () =>
            view.Apps.TryFind("one", out var resource) && resource.Json.TryGetProperty("status", out _));
        Assert.Empty(await writer.FindChangedAsync(["one", "gone"], stop));

        await ledger.CreditAsync(AccountUnderTest.Packet(AccountId.OfApp("one"), 1_000_000), stop);
        Assert.Equal(["one"], await writer.FindChangedAsync(["one", "gone"], stop));
    }
}
