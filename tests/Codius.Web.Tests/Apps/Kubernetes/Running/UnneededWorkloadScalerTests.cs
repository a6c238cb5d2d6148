using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Tests.Apps.Manifests;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>Which Deployments the leader scales to zero, in the whole gateway.</summary>
public sealed class UnneededWorkloadScalerTests
{
    [Fact]
    public async Task A_Deployment_that_fails_the_pass_keeps_no_other_from_being_scaled_to_zero()
    {
        using var cluster = new FakeCluster();
        var (broken, unneeded) = (NameOf('a'), NameOf('b'));
        // Without a spec the check throws.
        cluster.Add(FakeCluster.Deployments, new V1Deployment { Metadata = FakeCluster.Metadata(broken, LabelsOf(broken)) });
        cluster.AddDeployment(unneeded, LabelsOf(unneeded));

        await using var gateway = await cluster.StartGatewayAsync();

        // Twice, so that a pass that failed is followed by another one.
        var scale = $"PUT {FakeCluster.Deployments}/{unneeded}/scale";
        await Eventually.TrueAsync("the other is scaled to zero", () => cluster.Writes.Count(write => write == scale) > 1);
        var work = gateway.Services.GetRequiredService<Supervisor>().Records.Single(record => record.Status.Name == "scaling to zero");
        Assert.True(work.Status.IsFailing);
    }

    [Fact]
    public async Task A_pass_looks_at_the_Deployments_that_are_scaled_up_and_at_no_other()
    {
        using var cluster = new FakeCluster();
        cluster.AddDeployment(NameOf('a'), LabelsOf(NameOf('a')));
        cluster.Add(FakeCluster.Deployments, new V1Deployment
        {
            Metadata = FakeCluster.Metadata(NameOf('b'), LabelsOf(NameOf('b'))),
            Spec = new V1DeploymentSpec { Replicas = 0, Template = new V1PodTemplateSpec() },
        });

        await using var gateway = await cluster.StartGatewayAsync();

        var view = gateway.Services.GetRequiredService<ClusterView>();
        Assert.Equal(2, view.Deployments.Count);
        Assert.Equal([NameOf('a')], view.DeploymentsScaledUp.Select(deployment => deployment.Metadata.Name));
    }

    [Fact]
    public async Task An_app_that_somebody_scaled_up_by_hand_is_scaled_to_the_one_pod_that_is_paid_for()
    {
        var hash = ManifestHash.OfSpec(Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);
        var name = AppAnnotations.ServiceOf(hash);
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("hello", hash));
        cluster.Add(FakeCluster.Deployments, new V1Deployment
        {
            Metadata = FakeCluster.Metadata(name, LabelsOf(name)),
            Spec = new V1DeploymentSpec { Replicas = 3, Template = new V1PodTemplateSpec() },
        });
        await using var gateway = await cluster.StartGatewayAsync();
        Assert.True(gateway.Services.GetRequiredService<IAppCatalog>().Current.TryFind("hello", out var app));

        gateway.Services.GetRequiredService<IAppRunner>().Wake(app);

        await Eventually.TrueAsync("it is scaled to one", () => cluster.Writes.Zip(cluster.Bodies).Any(write =>
            write.First == $"PUT {FakeCluster.Deployments}/{name}/scale"
            && write.Second.Contains("\"replicas\":1", StringComparison.Ordinal)));
    }

    private static string NameOf(char hash) => AppAnnotations.ServiceOf(new string(hash, ManifestHash.Length));

    private static (string, string)[] LabelsOf(string name) =>
        [(AppAnnotations.Service, name), (AppObjects.ManagedBy, AppObjects.Manager)];
}
