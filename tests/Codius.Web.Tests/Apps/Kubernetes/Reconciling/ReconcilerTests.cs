using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Reconciling;
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
        var server = await ServerAsync();
        await using var gateway = await GatewayAsync();
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

    [Fact]
    public async Task A_pod_setting_that_is_removed_reaches_existing_apps_and_wakes_none()
    {
        var server = await ServerAsync();
        var app = Plain();
        var (name, apps) = (AppAnnotations.ServiceOf(app.Hash), server.Client.AppsV1);
        await using (var gateway = await GatewayAsync("Kubernetes:RuntimeClassName=kata", "Kubernetes:PullSecret=registry"))
        {
            await gateway.Services.GetRequiredService<IAppStore>().PutAsync(app, Cancellation);
            var view = gateway.Services.GetRequiredService<ClusterView>();
            await Eventually.TrueAsync("it is there and applied", () =>
                view.Deployments.TryFind(name, out var made) && made.Metadata.ManagedFields.Any(field => field.Operation == "Apply"));
        }
        var before = await apps.ReadNamespacedDeploymentAsync(name, Namespace, cancellationToken: Cancellation);
        Assert.Equal(("kata", 0), (before.Spec.Template.Spec.RuntimeClassName, before.Spec.Replicas));
        // As an earlier gateway left it, and applied it since without the runtime class: only the creator still has that field.
        await apps.DeleteNamespacedDeploymentAsync(name, Namespace, propagationPolicy: "Background", cancellationToken: Cancellation);
        before.Metadata.ResourceVersion = before.Metadata.Uid = null;
        before.Metadata.ManagedFields = null;
        before.Status = null;
        await apps.CreateNamespacedDeploymentAsync(before, Namespace, fieldManager: FieldTakeover.Creator, cancellationToken: Cancellation);

        await using var newer = await GatewayAsync();

        await Eventually.TrueAsync<bool>("the setting has reached it", async () =>
        {
            var now = await apps.ReadNamespacedDeploymentAsync(name, Namespace, cancellationToken: Cancellation);
            return now.Spec.Template.Spec is { RuntimeClassName: null, ImagePullSecrets: null } ? true : null;
        });
        var after = await apps.ReadNamespacedDeploymentAsync(name, Namespace, cancellationToken: Cancellation);
        Assert.Equal(0, after.Spec.Replicas);
        Assert.DoesNotContain(after.Metadata.ManagedFields, manager => manager.Manager == FieldTakeover.Creator);
    }

    [Fact]
    public async Task A_Deployment_that_cannot_be_changed_into_the_apps_own_is_made_anew()
    {
        var server = await ServerAsync();
        var app = Plain();
        var name = AppAnnotations.ServiceOf(app.Hash);
        var labels = new Dictionary<string, string> { ["app"] = "another" };
        await server.Client.AppsV1.CreateNamespacedDeploymentAsync(new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [AppAnnotations.Service] = name } },
            Spec = new V1DeploymentSpec
            {
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "other", Image = "other" }] },
                },
            },
        }, Namespace, cancellationToken: Cancellation);
        await using var gateway = await GatewayAsync();

        await gateway.Services.GetRequiredService<IAppStore>().PutAsync(app, Cancellation);

        var view = gateway.Services.GetRequiredService<ClusterView>();
        await Eventually.TrueAsync("its own is there, asleep", () =>
            view.Deployments.TryFind(name, out var own) && own.Spec.Replicas == 0
                && own.Spec.Selector.MatchLabels.ContainsKey(AppAnnotations.Service));
    }

    private async Task<ApiServer> ServerAsync()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        var server = fixture.Server;
        foreach (var name in (string[])["codius", Namespace])
        {
            if ((await server.Client.CoreV1.ListNamespaceAsync(fieldSelector: $"metadata.name={name}", cancellationToken: Cancellation))
                .Items.Count == 0)
                await server.AddNamespaceAsync(name, Cancellation);
        }
        await server.AddAppsAsync();
        await server.KubectlAsync(null, "delete", "services.core.codius.org", "--all");
        await server.KubectlAsync(null, "delete", "deployments,services,secrets", "-n", Namespace, "-l", AppAnnotations.Service);
        return server;
    }

    private async Task<GatewayUnderTest> GatewayAsync(params string[] settings) => await GatewayUnderTest.StartAsync(
        ["Apps:Engine=Kubernetes", $"Kubernetes:Kubeconfig={await fixture.Server.KubeconfigAsync()}", "Webhooks:Enabled=false",
            "Gateway:DrainDelay=00:00:00", "Kubernetes:LeaseDuration=00:00:03", .. settings]);

    // Without a secret: each gateway here has keys of its own, and another one's secrets are no app's.
    private static StoredApp Plain()
    {
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = "app", Image = "docker.io/example/app" }] };
        return new StoredApp("app", ManifestHash.OfSpec(spec), spec, null, null, new Dictionary<string, string>());
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
