using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Tests.Apps.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>When the objects of a hash are applied again.</summary>
public sealed class HashReconcilerTests
{
    private const string Services = $"/api/v1/namespaces/{FakeCluster.Namespace}/services";

    private static readonly string Hash =
        ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":80}}""").Spec);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_watch_shows_unchanged_is_applied_again_once_a_day_and_what_it_shows_changed_at_once()
    {
        using var cluster = new FakeCluster { OtherLeader = "another gateway" };
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("hello", Hash));
        await using var gateway = await cluster.StartGatewayAsync();
        var (services, time) = (gateway.Services, new FakeTimeProvider());
        var (view, options) = (services.GetRequiredService<ClusterView>(), services.GetRequiredService<IOptions<KubernetesOptions>>());
        var hashes = new HashReconciler(cluster.Client, view, services.GetRequiredService<ResourceReader>(), new AppObjects(options),
            services.GetRequiredService<AwakeRegistry>(), options, time);
        var name = AppAnnotations.ServiceOf(Hash);
        Assert.True(await hashes.ReconcileAsync(Hash, Stop));
        await cluster.ReportAsync(Services, "ADDED", Applied($"PATCH {Services}/{name}"));
        var deployment = Applied($"PATCH {FakeCluster.Deployments}/{name}");
        await cluster.ReportAsync(FakeCluster.Deployments, "ADDED", deployment);
        await Eventually.TrueAsync("both are seen", () =>
            view.Services.TryFind(name, out _) && view.Deployments.TryFind(name, out _));

        Assert.Equal(0, await WritesAsync());
        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, await WritesAsync());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, await WritesAsync());
        Assert.Equal(0, await WritesAsync());

        var changed = JsonNode.Parse(deployment)!;
        changed["metadata"]!["resourceVersion"] = "3";
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "another";
        await cluster.ReportAsync(FakeCluster.Deployments, "MODIFIED", changed.ToJsonString());
        await Eventually.TrueAsync("it is seen", () => view.Deployments.TryFind(name, out var now)
            && now.Spec.Template.Spec.Containers[0].Image == "another");
        Assert.Equal(2, await WritesAsync());

        async Task<int> WritesAsync()
        {
            var before = cluster.Writes.Count;
            hashes.ForgetIfOld(Hash);
            await hashes.ReconcileAsync(Hash, Stop);
            return cluster.Writes.Count - before;
        }

        // As the server answered it, with what a server adds.
        string Applied(string write)
        {
            var applied = JsonNode.Parse(cluster.Writes.Zip(cluster.Bodies).Last(written => written.First == write).Second)!;
            (applied["metadata"]!["uid"], applied["metadata"]!["resourceVersion"]) = (name, "2");
            return applied.ToJsonString();
        }
    }
}
