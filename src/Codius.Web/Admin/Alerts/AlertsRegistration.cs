using System.Diagnostics.Metrics;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>Registers the alerts and what delivers them.</summary>
internal static class AlertsRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSettings<AlertOptions>(AlertOptions.Section);
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>();
        services.AddSingleton(provider => new WebhookClient(
            provider.GetRequiredService<IHostEnvironment>().IsDevelopment(), WebhookClient.Timeout,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AlertMarks>().AddSingleton<ToldAlerts>().AddSingleton<AlertTest>().AddSingleton<AlertActions>();
        services.AddHeldMessages(AlertDelivery.Audience, _ => AlertDelivery.MostStored);
        services.AddSingleton<AlertDelivery>().AddHostedService(provider => provider.GetRequiredService<AlertDelivery>());
        services.AddSingleton<AlertWatch>().AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
        services.AddSingleton<IAlerts>(provider => provider.GetRequiredService<AlertWatch>());
        services.AddKeyedSingleton(DeveloperAlertDelivery.Audience, (provider, _) => new WebhookClient(
            provider.GetRequiredService<IHostEnvironment>().IsDevelopment(), DeveloperAlertDelivery.Timeout,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHeldMessages(
            DeveloperAlertDelivery.Audience, options => options.MostAppsOfDevelopers * DeveloperAlertDelivery.MostWaiting);
        services.AddSingleton(provider => new AlertPlaces(provider.GetRequiredService<RedisStore>(), BalanceKeys.AlertedApps));
        services.AddSingleton<DeveloperAlertDelivery>().AddHostedService(provider => provider.GetRequiredService<DeveloperAlertDelivery>());
        services.AddSingleton<DeveloperAlertWatch>().AddHostedService(provider => provider.GetRequiredService<DeveloperAlertWatch>());
        return services.AddGauges<AlertGauges>();
    }

    private static void AddHeldMessages(this IServiceCollection services, string audience, Func<AlertOptions, int> most) =>
        services.AddKeyedSingleton(audience, (provider, _) => new HeldMessages(
            new StoredMessages(
                provider.GetRequiredService<RedisStore>(), BalanceKeys.AlertMessages(audience),
                most(provider.GetRequiredService<IOptions<AlertOptions>>().Value)),
            provider.GetRequiredService<TimeProvider>()));

    private sealed class AlertGauges(AlertWatch alerts) : IGauges
    {
        public void AddTo(Meter meter)
        {
            meter.CreateObservableGauge(
                "codius.alerts",
                () => alerts.Current.GroupBy(alert => (alert.Rule, alert.Severity)).Select(group => new Measurement<int>(
                    group.Count(), new("rule", group.Key.Rule), new("severity", group.Key.Severity.ToString().ToLowerInvariant()))),
                "{alert}", "Alerts of now, by rule and severity.");
            meter.CreateObservableGauge(
                "codius.alerts.checked",
                () => alerts.CheckedAt is { } at
                    ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1000.0)] : Array.Empty<Measurement<double>>(),
                "s", "When this gateway last checked what is an alert, in seconds since 1970: every quarter of a minute.");
        }
    }
}
