using System.Net;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.ClusterTests.Cluster;
using k8s;
using k8s.Models;

namespace Codius.Web.ClusterTests.Life;

/// <summary>Settings of the pods that a host changes while it has apps.</summary>
[Collection("cluster")]
public sealed class SettingsTests(TestCluster cluster) : IAsyncLifetime
{
    private ClusterGateway? _gateways;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task A_setting_that_is_removed_or_changed_reaches_apps_that_are_awake_and_apps_that_sleep()
    {
        _gateways = await ClusterGateway.StartAsync(settings: ["Kubernetes:RuntimeClassName=kata", "Kubernetes:PullSecret=registry"]);
        var awake = await _gateways.DeployAsync(ClusterGateway.Hello("awake"));
        var asleep = await _gateways.DeployAsync(ClusterGateway.Hello("asleep", "2"));
        Assert.Equal(HttpStatusCode.OK, (await _gateways.First.VisitAsync("awake")).Status);
        Assert.Equal("kata", Assert.Single((await PodsAsync(awake)).Items).Spec.RuntimeClassName);
        await _gateways.StopAsync(_gateways.First);

        var gateway = await _gateways.AddAsync(settings: ["Kubernetes:RuntimeClassName=none", "Kubernetes:Resources:MemoryLimit=300Mi"]);

        foreach (var app in (HostedApp[])[awake, asleep])
        {
            await Eventually.TrueAsync<bool>($"{app.Name} follows", async () =>
            {
                var pod = (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(
                    AppAnnotations.ServiceOf(app.Hash), TestCluster.Namespace, cancellationToken: Cancellation)).Spec.Template.Spec;
                return pod is { RuntimeClassName: null, ImagePullSecrets: null }
                    && pod.Containers[0].Resources.Limits["memory"].ToString() == "300Mi" ? true : null;
            });
        }
        await Eventually.TrueAsync<bool>("the pod that was awake is replaced", async () =>
            (await PodsAsync(awake)).Items is [{ Spec.RuntimeClassName: null }] ? true : null);
        Assert.Equal(HttpStatusCode.OK, (await gateway.VisitAsync("awake")).Status);
        Assert.Empty((await PodsAsync(asleep)).Items);
        Assert.Equal(HttpStatusCode.OK, (await gateway.VisitAsync("asleep")).Status);
    }

    private Task<V1PodList> PodsAsync(HostedApp app) => cluster.Client.CoreV1.ListNamespacedPodAsync(TestCluster.Namespace,
        labelSelector: $"{AppAnnotations.Service}={AppAnnotations.ServiceOf(app.Hash)}", cancellationToken: Cancellation);
}
