using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Tests.Deployment;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>The objects of an app at a real API server; nothing runs there.</summary>
public sealed class ReconcilerTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Namespace = "codius-apps";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_of_them_is_deleted_and_in_whatever_order_comes_back()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        var server = fixture.Server;
        await server.KubectlAsync(null, "create", "namespace", "codius");
        await server.KubectlAsync(null, "create", "namespace", Namespace);
        await server.AddAppsAsync();
        await using var gateway = await GatewayUnderTest.StartAsync(
            ["Apps:Engine=Kubernetes", $"Kubernetes:Kubeconfig={await server.KubeconfigAsync()}", "Webhooks:Enabled=false",
                "Gateway:DrainDelay=00:00:00"]);
        var view = gateway.Services.GetRequiredService<ClusterView>();
        var app = App();
        await gateway.Services.GetRequiredService<IAppStore>().PutAsync(app, Cancellation);
        var name = AppAnnotations.ServiceOf(app.Hash);
        await Eventually.TrueAsync("all are there", () => Uids().Length == 3);

        // The others are deleted when the Deployment was just created again, while the reconciler still works on it.
        var deleting = Task.CompletedTask;
        view.Deployments.Changed += (before, now) =>
        {
            if (before is null && now is not null) deleting = Task.WhenAll(DeleteServiceAsync(), DeleteSecretAsync());
        };
        for (var round = 0; round < 20; round++)
        {
            var before = Uids();
            await server.Client.AppsV1.DeleteNamespacedDeploymentAsync(name, Namespace, propagationPolicy: "Background",
                cancellationToken: Cancellation);
            await Eventually.TrueAsync("all are back", () => Uids() is { Length: 3 } now && !now.Intersect(before).Any());
            await deleting;
        }

        string[] Uids() =>
        [
            .. new V1ObjectMeta?[]
            {
                view.Deployments.TryFind(name, out var deployment) ? deployment.Metadata : null,
                view.Services.TryFind(name, out var service) ? service.Metadata : null,
                view.Secrets.TryFind(name, out var secret) ? secret.Metadata : null,
            }.OfType<V1ObjectMeta>().Select(metadata => metadata.Uid),
        ];

        Task DeleteSecretAsync() => server.Client.CoreV1.DeleteNamespacedSecretAsync(name, Namespace, cancellationToken: Cancellation);

        async Task DeleteServiceAsync()
        {
            try
            {
                await server.Client.CoreV1.DeleteNamespacedServiceAsync(name, Namespace, cancellationToken: Cancellation);
            }
            catch (JsonException)
            {
                // Older API servers answer with a Status instead of the Service: it is deleted all the same.
            }
        }
    }

    private static StoredApp App()
    {
        var filled = ManifestHash.FillIn(new AppManifest(
            new AppSpec
            {
                Containers =
                [new ContainerSpec { Name = "app", Image = "docker.io/example/app",
                Env = [new EnvironmentVariable { Name = "KEY", ValueFrom = new EnvironmentSource(new SecretKeyRef("key")) }] }]
            },
            new Dictionary<string, string> { ["key"] = "a secret text", ["nonce"] = "0123456789" }));
        return new StoredApp("app", ManifestHash.OfSpec(filled.Spec), filled.Spec, filled.SecretData, null,
            new Dictionary<string, string>());
    }
}
