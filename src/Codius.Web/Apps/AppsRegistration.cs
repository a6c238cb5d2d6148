using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Names;
using Codius.Web.Apps.Processes.Catalog;
using Codius.Web.Apps.Processes.Running;
using Codius.Web.Apps.Processes;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Settings;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps;

/// <summary>Puts the room together: what is hosted, and what runs it.</summary>
internal static class AppsRegistration
{
    public static WebApplicationBuilder AddApps(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<AppHostingOptions>(AppHostingOptions.Section).PostConfigure<IHostEnvironment>((hosting, environment) =>
        {
            if (environment.IsDevelopment()) HelloImage.AddTo(hosting.Processes);
        });
        services.AddSingleton<IValidateOptions<AppHostingOptions>, ProcessRules>();

        services.AddSingleton<AppActivity>();
        services.AddSingleton<AppMetrics>();
        services.AddSingleton<StartHistory>();
        services.AddNamesAndManifests();
        if (ModeOf(builder.Configuration) == HostingMode.Kubernetes)
        {
            services.AddKubernetes();
        }
        else
        {
            services.AddProcessRunner();
            services.AddRedisCatalog();
            services.AddSingleton<IActivityView>(provider => provider.GetRequiredService<AppActivity>());
        }
        services.AddHostedService<CatalogFollower>();
        services.AddSingleton<IHealthPart, AppsHealth>();
        return builder;
    }

    /// <summary>Read before the settings are checked; a text that is no mode is a fault the check will name.</summary>
    public static HostingMode ModeOf(ConfigurationManager configuration) =>
        Enum.TryParse(configuration[$"{AppHostingOptions.Section}:{nameof(AppHostingOptions.Mode)}"], ignoreCase: true, out HostingMode mode) ? mode : default;

    private static void AddProcessRunner(this IServiceCollection services)
    {
        services.AddSingleton<KnownImages>();
        services.AddSingleton<ProcessStarter>();
        services.AddSingleton<FreePorts>();
        services.AddSingleton<PidFiles>();
        services.AddSingleton<ProcessTools>();
        services.AddSingleton(provider => new ProcessRunnerParts(
            provider.GetRequiredService<ProcessTools>(), provider.GetRequiredService<StartHistory>(),
            provider.GetRequiredService<IOptions<AppHostingOptions>>().Value.Processes.StartTimeout, provider.GetRequiredService<ILogger<ProcessRunner>>()));
        services.AddSingleton<ProcessRunner>();
        services.AddSingleton<IAppRunner>(provider => provider.GetRequiredService<ProcessRunner>());
        services.AddHostedService<ProcessHost>();
    }

    private static void AddRedisCatalog(this IServiceCollection services)
    {
        services.AddSingleton<ProcessManifests>();
        services.AddSingleton<IAppStore, RedisAppStore>();
        services.AddHostedService<FirstApp>(); // before the catalog is read
        services.AddSingleton(new StartupNote(10, provider => provider.GetRequiredService<IAppCatalog>().Current.TryFind(HelloImage.Name, out _)
            ? $"The sample app: {provider.GetRequiredService<HostNames>().OriginOf(HelloImage.Name)}/"
            : null));
        services.AddSingleton<RedisCatalog>();
        services.AddSingleton<IAppCatalog>(provider => provider.GetRequiredService<RedisCatalog>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisCatalog>());
        services.AddSingleton<IHealthPart, CatalogHealth>();
    }
}
