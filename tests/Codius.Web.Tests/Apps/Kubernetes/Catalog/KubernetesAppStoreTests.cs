using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Tests.Deployment;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Catalog;

/// <summary>Apps as custom resources at a real API server.</summary>
public sealed class KubernetesAppStoreTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private static readonly AccountId Alice = AccountId.OfDeployToken("alice");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_put_is_found_at_once_and_what_was_deleted_no_more()
    {
        Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
        await fixture.Server.AddAppsAsync();
        await using var gateway = await GatewayUnderTest.StartAsync(
            ["Apps:Engine=Kubernetes", $"Kubernetes:Kubeconfig={await fixture.Server.KubeconfigAsync()}", "Webhooks:Enabled=false",
                "Gateway:DrainDelay=00:00:00"]);
        var (store, catalog) = (gateway.Services.GetRequiredService<IAppStore>(), gateway.Services.GetRequiredService<IAppCatalog>());

        for (var i = 0; i < 30; i++)
        {
            var app = App($"app-{i}", "1");
            Assert.Equal(PutOutcome.Created, (await store.PutAsync(app, Cancellation)).Outcome);
            Assert.Equal(app.Hash, HashOf(catalog, app.Name));
            var newer = App(app.Name, "2");
            Assert.Equal(PutOutcome.Replaced, (await store.PutAsync(newer, Cancellation)).Outcome);
            Assert.Equal(newer.Hash, HashOf(catalog, app.Name));
            Assert.Equal(DeleteOutcome.Deleted, await store.DeleteAsync(app.Name, Alice, Cancellation));
            Assert.Null(HashOf(catalog, app.Name));
        }
    }

    private static string? HashOf(IAppCatalog catalog, string name) => catalog.Current.TryFind(name, out var found) ? found.Hash : null;

    private static StoredApp App(string name, string version)
    {
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = "app", Image = "docker.io/example/app:" + version }] };
        return new StoredApp(name, ManifestHash.OfSpec(spec), spec, null, Alice, new Dictionary<string, string>());
    }
}
