using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Apps.Processes.Running;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes;

/// <summary>Registers the process engine: the runner, and the store and catalog of manifests.</summary>
internal static class ProcessesRegistration
{
    public static IServiceCollection AddProcesses(this IServiceCollection services)
    {
        services.AddSingleton<KnownImages>();
        services.AddSingleton<ProcessStarter>().AddSingleton(provider => new AppUsers(
            provider.GetRequiredService<IOptions<AppOptions>>(), provider.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton<FreePorts>().AddSingleton<PidFiles>().AddSingleton<ProcessContext>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AppOptions>>().Value;
            return new ProcessRunnerContext(
                provider.GetRequiredService<ProcessContext>(), provider.GetRequiredService<StartHistory>(),
                options.Processes.StartTimeout, options.MaxAwakePerOwner,
                provider.GetRequiredService<Supervisor>(), provider.GetRequiredService<ILogger<ProcessRunner>>());
        });
        services.AddSingleton<ProcessRunner>();
        services.AddSingleton<IAppRunner>(provider => provider.GetRequiredService<ProcessRunner>());
        services.AddHostedService<ProcessHost>();
        services.AddSingleton(new StartupNote(40, provider => provider.GetRequiredService<AppUsers>().AreApart ? null
            : "Apps run as the gateway's own user: they can read its secrets, its files and its balances."));

        services.AddSingleton<ProcessManifests>();
        services.AddAppStore<RedisAppStore>();
        SampleApp.AddTo(services); // before the catalog is read
        services.AddSingleton<RedisCatalog>();
        services.AddAppCatalog<RedisCatalog>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisCatalog>());
        services.AddHealth<CatalogHealth>("catalog");
        services.AddSingleton(new AppResources()).AddSingleton<IHostQuota, NoHostQuota>();
        return services.AddSingleton<IActivityView>(provider => provider.GetRequiredService<AppActivity>());
    }
}
