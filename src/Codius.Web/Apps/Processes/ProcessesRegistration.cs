using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Apps.Processes.Running;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes;

/// <summary>Puts together what runs apps as processes of this machine, and what keeps their manifests.</summary>
internal static class ProcessesRegistration
{
    public static IServiceCollection AddProcesses(this IServiceCollection services)
    {
        services.AddSingleton<KnownImages>();
        services.AddSingleton<ProcessStarter>().AddSingleton<FreePorts>().AddSingleton<PidFiles>().AddSingleton<ProcessTools>();
        services.AddSingleton(provider => new ProcessRunnerParts(
            provider.GetRequiredService<ProcessTools>(), provider.GetRequiredService<StartHistory>(),
            provider.GetRequiredService<IOptions<AppOptions>>().Value.Processes.StartTimeout, provider.GetRequiredService<ILogger<ProcessRunner>>()));
        services.AddSingleton<ProcessRunner>();
        services.AddSingleton<IAppRunner>(provider => provider.GetRequiredService<ProcessRunner>());
        services.AddHostedService<ProcessHost>();

        services.AddSingleton<ProcessManifests>();
        services.AddSingleton<IAppStore, RedisAppStore>();
        SampleApp.AddTo(services); // before the catalog is read
        services.AddSingleton<RedisCatalog>();
        services.AddSingleton<IAppCatalog>(provider => provider.GetRequiredService<RedisCatalog>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisCatalog>());
        services.AddSingleton<IHealthPart, CatalogHealth>();
        return services.AddSingleton<IActivityView>(provider => provider.GetRequiredService<AppActivity>());
    }
}
