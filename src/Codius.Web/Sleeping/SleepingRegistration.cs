using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting.Settings;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Sleeping;

/// <summary>Registers what bills awake apps and puts them to sleep.</summary>
internal static class SleepingRegistration
{
    public static WebApplicationBuilder AddSleeping(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<SleepOptions>(SleepOptions.Section);
        services.AddSingleton(provider => new SleepContext(
            provider.GetRequiredService<IAppRunner>(),
            provider.GetRequiredService<IActivityView>(),
            provider.GetRequiredService<IBalanceLedger>(),
            provider.GetRequiredService<IBalanceChanges>(),
            provider.GetRequiredService<IAppSteering>(),
            provider.GetRequiredService<Prices>(),
            provider.GetRequiredService<IOptions<SleepOptions>>().Value,
            provider.GetRequiredService<Supervisor>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AwakeWatches>>()));
        services.AddHostedService<AwakeWatches>();
        services.AddHostedService<WakeReports>();
        return builder;
    }
}
