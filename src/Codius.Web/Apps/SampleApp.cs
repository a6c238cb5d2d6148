using Codius.Web.Apps.Manifests;
using StackExchange.Redis;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>Deploys <c>hello</c> when a developer's gateway starts for the first time; who deletes it is not given it again.</summary>
internal sealed class FirstApp(IConnectionMultiplexer redis, IAppStore store, KnownImages images, IHostEnvironment environment) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || !images.TryFind(HelloImage.Name, out _)) return;
        // Any change ever made to the apps has left a version.
        if (await redis.GetDatabase().KeyExistsAsync(AppKeys.Version)) return;
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = HelloImage.Name, Image = HelloImage.Name }] };
        await store.PutAsync(new StoredApp(HelloImage.Name, ManifestHash.OfSpec(spec), spec, null, null, new Dictionary<string, string>()), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
