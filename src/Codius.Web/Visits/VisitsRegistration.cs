using Codius.Web.Hosting.Settings;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.Charging;
using Codius.Web.Visits.ColdStart;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Visits;

/// <summary>Puts the room together.</summary>
internal static class VisitsRegistration
{
    public static WebApplicationBuilder AddVisits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<VisitOptions>(VisitOptions.Section);
        services.AddSettings<ClientLimitOptions>(ClientLimitOptions.Section);
        services.AddSettings<ColdStartOptions>(ColdStartOptions.Section);
        services.AddHttpForwarder();
        // Two lines per request of the forwarder's own would cost more than the visit; how visits end is counted.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        services
            .AddSingleton<ArrivalStep>().AddSingleton<ClientLimit>().AddSingleton<OwnersCap>()
            .AddSingleton<ChargingStep>().AddSingleton<Settlement>().AddSingleton<FreeErrors>()
            .AddSingleton<ColdStartStep>().AddSingleton<WakeFee>().AddSingleton<WaitingRoom>()
            .AddSingleton<ForwardingStep>().AddSingleton<AppClient>().AddSingleton<AppTransformer>().AddSingleton<CookieDomains>()
            .AddSingleton<Refusals>().AddSingleton<VisitPipeline>();
        return builder;
    }
}
