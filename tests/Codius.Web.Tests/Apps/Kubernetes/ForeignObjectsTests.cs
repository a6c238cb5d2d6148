using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Tests.Apps.Manifests;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The whole gateway beside other clients' objects that carry the gateway's labels and annotations.</summary>
public sealed class ForeignObjectsTests
{
    private static readonly string Hash = new('a', ManifestHash.Length);

    private static readonly (string, string) Managed = (AppObjects.ManagedBy, AppObjects.Manager);

    [Fact]
    public async Task What_others_keep_in_the_apps_namespace_is_left_alone()
    {
        using var cluster = new FakeCluster();
        var own = AppAnnotations.ServiceOf(Hash);
        cluster.AddDeployment(own, (AppAnnotations.Service, own), Managed);
        foreach (var name in (string[])["db", "svc-", "svc-frontend", "billing-of-the-host"])
            cluster.AddDeployment(name, (AppAnnotations.Service, name), Managed);
        var relabelled = AppAnnotations.ServiceOf(new string('b', ManifestHash.Length));
        var unmanaged = AppAnnotations.ServiceOf(new string('c', ManifestHash.Length));
        cluster.AddDeployment(relabelled, (AppAnnotations.Service, "mine"), Managed);
        cluster.AddDeployment(unmanaged, (AppAnnotations.Service, unmanaged));
        // Refers to an object that is not the gateway's.
        cluster.Add(FakeCluster.Apps, Resource("points", "frontend"));

        await using var gateway = await cluster.StartGatewayAsync();

        // Twice, since the order in which the Deployments are checked is random.
        var scale = $"PUT {FakeCluster.Deployments}/{own}/scale";
        await Eventually.TrueAsync("its own is scaled to zero", () => cluster.Writes.Count(write => write == scale) > 1);
        Assert.All(
            cluster.Writes.Where(write => write.Contains($"/namespaces/{FakeCluster.Namespace}/", StringComparison.Ordinal)),
            write => Assert.Contains(Hash, write, StringComparison.Ordinal));
        Assert.False(gateway.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task A_pod_of_somebody_else_is_no_pod_of_an_app()
    {
        using var cluster = new FakeCluster();
        var service = (AppAnnotations.Service, AppAnnotations.ServiceOf(Hash));
        cluster.Add(FakeCluster.Pods, new V1Pod { Metadata = FakeCluster.Metadata("own", service, Managed) });
        cluster.Add(FakeCluster.Pods, new V1Pod { Metadata = FakeCluster.Metadata("foreign", service) });

        await using var gateway = await cluster.StartGatewayAsync();

        Assert.Equal("own", Assert.Single(gateway.Services.GetRequiredService<ClusterView>().PodsOf(Hash)).Metadata.Name);
    }

    [Theory]
    [InlineData("two.labels")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("t-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_resource_whose_name_can_be_no_apps_is_refused_and_the_others_are_hosted(string name)
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, Resource(name));
        cluster.Add(FakeCluster.Apps, Resource("good"));

        await using var gateway = await cluster.StartGatewayAsync();

        var apps = gateway.Services.GetRequiredService<IAppCatalog>().Current;
        Assert.True(apps.TryFind("good", out _));
        Assert.False(apps.TryFind(name, out _));
        await Eventually.TrueAsync("its status says so", () => cluster.Writes.Contains($"PATCH {FakeCluster.Apps}/{name}/status"));
    }

    [Fact]
    public async Task What_cannot_be_read_at_all_hides_no_app()
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, """{"metadata":{"name":"odd","resourceVersion":"1","labels":7},"spec":{}}""");
        cluster.Add(FakeCluster.Apps, """{"metadata":null}""");
        cluster.Add(FakeCluster.Apps, Resource("good"));
        cluster.Add(FakeCluster.Deployments, new V1Deployment { Metadata = new V1ObjectMeta { Name = "bare", ResourceVersion = "1" } });
        cluster.Add(FakeCluster.Pods, new V1Pod { Metadata = new V1ObjectMeta { Name = "bare", ResourceVersion = "1" } });
        cluster.Add(FakeCluster.Pods, new V1Pod());
        await using var gateway = await cluster.StartGatewayAsync();
        var catalog = gateway.Services.GetRequiredService<IAppCatalog>();
        Assert.True(catalog.Current.TryFind("good", out _));

        await cluster.ReportAsync(FakeCluster.Apps, "MODIFIED",
            """{"metadata":{"name":"odd","resourceVersion":"2","annotations":[]},"spec":{}}""");
        await cluster.ReportAsync(FakeCluster.Apps, "ADDED", FakeCluster.Resource("later", GoodHash, "3"));

        await Eventually.TrueAsync("the next is hosted", () => catalog.Current.TryFind("later", out _));
        Assert.False(gateway.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private static string GoodHash =>
        ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);

    private static string Resource(string name, string? hash = null) => FakeCluster.Resource(
        name, hash ?? GoodHash);
}
