using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Load;
using Codius.Web.Apps.Names;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Starts;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps;

/// <summary>Registers the catalog of apps and the engine that runs them.</summary>
internal static class AppsRegistration
{
    /// <summary>The image that every gateway in Development can run.</summary>
    public const string SampleImage = SampleApp.Name;

    public static WebApplicationBuilder AddApps(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<AppOptions>(AppOptions.Section).PostConfigure<IHostEnvironment>((apps, environment) =>
        {
            if (environment.IsDevelopment()) SampleApp.AddImageTo(apps.Processes);
        });
        services.AddSingleton<IValidateOptions<AppOptions>, ProcessOptionsValidator>();
        services.AddRetiredSetting("Hosting:Mode", $"{AppOptions.Section}:{nameof(AppOptions.Engine)}");
        services.AddRetiredSetting("Hosting:Processes", ProcessOptions.Section);

        services.AddSingleton<AppActivity>();
        services.AddSingleton<FailedVisits>();
        services.AddSingleton<AppMetrics>();
        services.AddSingleton<StartHistory>();
        services.AddNamesAndManifests();
        services.AddSteering();
        services.AddKubernetesResources();
        if (EngineOf(builder.Configuration) == AppEngine.Kubernetes) services.AddKubernetes();
        else services.AddProcesses();
        services.AddHostedService<CatalogFollower>();
        services.AddSingleton<LastFailures>().AddHostedService<FailureKeeper>();
        services.AddSingleton<StartRecords>().AddHostedService<StartKeeper>();
        services.AddHealth<AppsHealth>("apps").AddSingleton<IAlertSource, AppAlerts>().AddGauges<AppAlerts>();
        services.AddSingleton<BusiestApps>();
        services.AddLoad();
        return builder;
    }

    /// <summary>Read before the settings are validated; the validation reports an unknown engine.</summary>
    public static AppEngine EngineOf(ConfigurationManager configuration) =>
        Enum.TryParse(configuration[$"{AppOptions.Section}:{nameof(AppOptions.Engine)}"], ignoreCase: true, out AppEngine engine)
            ? engine : default;

    /// <summary>Registers an engine's store as the <see cref="IAppStore"/> of all other rooms.</summary>
    public static IServiceCollection AddAppStore<T>(this IServiceCollection services) where T : class, IAppStore =>
        services.AddSingleton<T>().AddSingleton<IAppStore>(provider => new CatalogWait(
            provider.GetRequiredService<T>(), provider.GetRequiredService<IAppCatalog>(), provider.GetRequiredService<TimeProvider>()));
}
