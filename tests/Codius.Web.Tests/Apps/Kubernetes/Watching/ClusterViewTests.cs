using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Tests.Deployment;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Kubernetes.Watching;

/// <summary>The view of a cluster with a real API server.</summary>
public sealed class ClusterViewTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Namespace = "seen-apps";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_API_server_has_started_again_and_forgotten_what_was_before_every_kind_is_seen_on()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        var (server, core) = (fixture.Server, fixture.Server.Client.CoreV1);
        await server.AddAppsAsync();
        await server.AddNamespaceAsync(Namespace, Cancellation);
        await core.CreateNamespacedServiceAsync(Service("before"), Namespace, cancellationToken: Cancellation);
        var view = new ClusterView(server.Client, Options.Create(new KubernetesOptions { Namespace = Namespace }), Supervised.By(),
            TimeProvider.System, NullLogger<ClusterView>.Instance);
        await view.StartAsync(Cancellation);

        // An unrelated change makes the version the view watches from older than all versions the next API server has.
        await core.CreateNamespacedServiceAsync(new V1Service { Metadata = new V1ObjectMeta { Name = "other" }, Spec = Ports }, "default",
            cancellationToken: Cancellation);
        await server.RestartAsync(Cancellation);
        await core.CreateNamespacedServiceAsync(Service("after"), Namespace, cancellationToken: Cancellation);

        await Eventually.TrueAsync("the new one is seen", () => view.Services.TryFind("after", out _));
        Assert.True(view.Services.TryFind("before", out _));
        await view.StopAsync(Cancellation);
    }

    private static V1ServiceSpec Ports => new() { Ports = [new V1ServicePort { Port = 80 }] };

    private static V1Service Service(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [AppAnnotations.Service] = name } },
        Spec = Ports,
    };
}
