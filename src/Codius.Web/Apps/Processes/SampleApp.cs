using System.Runtime.InteropServices;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Processes;

/// <summary>
/// The sample app <c>hello</c> (samples/Hello), which is in the gateway's folder where it was built with its samples:
/// in Development its image is listed, and the first start deploys it; one that was deleted is not deployed again.
/// </summary>
internal sealed class SampleApp(RedisStore redis, RedisAppStore store, KnownImages images, IHostEnvironment environment)
    : IHostedService
{
    /// <summary>The app's name and its image's.</summary>
    public const string Name = "hello";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "hello", "Hello.dll");

    /// <summary>Lists the image, unless there is one of that name or the sample was left out.</summary>
    public static void AddImageTo(ProcessOptions options)
    {
        if (!File.Exists(Program) || options.Images.ContainsKey(Name)) return;
        // The program that runs this very process, wherever it is installed: ".../dotnet" above ".../shared/Microsoft.NETCore.App/10.0.0/".
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        options.Images[Name] = new ImageOptions { Command = File.Exists(dotnet) ? dotnet : "dotnet", Args = { Program } };
    }

    public static void AddTo(IServiceCollection services)
    {
        services.AddHostedService<SampleApp>();
        services.AddSingleton(new StartupNote(10, provider => provider.GetRequiredService<IAppCatalog>().Current.TryFind(Name, out _)
            ? $"The sample app: {provider.GetRequiredService<HostNames>().OriginOf(Name)}/"
            : null));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() || !images.TryFind(Name, out _)) return;
        // Every change of an app raises the version: it exists once there was any.
        var known = false;
        await redis.DuringStartAsync(
            async () => known = await redis.Connection.GetDatabase().KeyExistsAsync(AppKeys.Version), cancellationToken);
        if (known) return;
        var spec = new AppSpec { Containers = [new ContainerSpec { Name = Name, Image = Name }] };
        await store.PutAsync(new StoredApp(Name, ManifestHash.OfSpec(spec), spec, null, null, new Dictionary<string, string>()),
            cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
