using Codius.Web.Apps;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Settings;
using Codius.Web.Visits.AccessLog;
using Codius.Web.Visits.Arrival;
using Codius.Web.Visits.Charging;
using Codius.Web.Visits.ColdStart;
using Codius.Web.Visits.Forwarding;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits;

/// <summary>Registers the services of visits.</summary>
internal static class VisitsRegistration
{
    public static WebApplicationBuilder AddVisits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<VisitOptions>(VisitOptions.Section);
        services.AddSettings<ClientLimitOptions>(ClientLimitOptions.Section);
        services.AddSettings<DoNotWakeOptions>(DoNotWakeOptions.Section);
        services.AddSingleton<IValidateOptions<DoNotWakeOptions>, DoNotWakeOptionsValidator>();
        services.AddSettings<ColdStartOptions>(ColdStartOptions.Section);
        services.AddSettings<AccessLogOptions>(AccessLogOptions.Section);
        services.AddSingleton<AccessLogOutput>().AddSingleton<VisitRecorder>();
        services.AddSingleton<AccessLogWriter>().AddHostedService(provider => provider.GetRequiredService<AccessLogWriter>());
        services.AddSingleton<IAlertSource>(provider => new VisitAlerts(
            provider.GetRequiredService<FailedVisits>(), provider.GetRequiredService<TimeProvider>()))
            .AddGauges<VisitGauges>();
        services.AddHttpForwarder();
        // The forwarder logs two lines for each request and a stack trace for each client that left, which costs more than the
        // visits; outcomes are counted, and an app's failures have a log message of ours.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        services
            .AddSingleton<ArrivalStep>().AddSingleton<ClientRateLimiter>().AddSingleton<WaitingClients>().AddSingleton<WakeRules>()
            .AddSingleton<ChargingStep>()
            .AddSingleton<ColdStartStep>().AddSingleton<WakeFee>().AddSingleton<PreflightWake>().AddSingleton<WaitingRoom>()
            .AddSingleton<IVisitLimits, AppVisitLimits>()
            .AddSingleton<IWaitingVisits>(provider => provider.GetRequiredService<WaitingRoom>())
            .AddSingleton<ForwardingStep>().AddSingleton<AppClient>().AddSingleton<CookieDomains>().AddSingleton<AnswerDeadlines>()
            .AddHostedService(provider => provider.GetRequiredService<AnswerDeadlines>())
            .AddSingleton<VisitErrorWriter>().AddSingleton<VisitPipeline>();
        return builder;
    }
}
