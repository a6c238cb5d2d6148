using Codius.Web.Balances;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Steering;

/// <summary>Registers what the host's owner sets for single apps.</summary>
internal static class SteeringRegistration
{
    public static IServiceCollection AddSteering(this IServiceCollection services)
    {
        services.AddSingleton<RedisSteering>().AddSingleton<IAppSteering>(provider => provider.GetRequiredService<RedisSteering>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisSteering>());
        services.AddHostedService<SteeringSweep>();
        services.AddSingleton<IAlertSource, SteeringAlerts>().AddGauges<SteeringAlerts>();
        // The catalog uses the store, as does the ledger, which asks for these: it is read when it is there.
        services.AddSingleton<IOwnPrices>(provider =>
            new OwnPrices(provider.GetRequiredService<Prices>(), provider.GetService<IAppCatalog>));
        return services;
    }

    /// <summary>Registers an engine's catalog as the <see cref="IAppCatalog"/> of all other rooms, with what is set for its apps.</summary>
    public static IServiceCollection AddAppCatalog<T>(this IServiceCollection services) where T : class, IAppCatalog =>
        services.AddSingleton<IAppCatalog>(provider => new SteeredCatalog(
            provider.GetRequiredService<T>(), provider.GetRequiredService<IAppSteering>(), provider.GetRequiredService<Supervisor>()));
}
