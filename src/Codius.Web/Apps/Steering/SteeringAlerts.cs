using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Apps.Steering;

/// <summary>An alert for each app for which the host's owner set what cannot be read, and their number as a gauge.</summary>
internal sealed class SteeringAlerts(IAppSteering steering) : IAlertSource, IGauges
{
    public static AlertRule CannotBeRead { get; } = new("app-settings-unreadable", TimeSpan.FromSeconds(15),
        "Unblock the app, or block it again with words of your own; then set its price and its cap anew.");

    /// <summary>Apps that are named; more are counted.</summary>
    private const int MostNamed = 20;

    public void AddTo(Meter meter) => meter.CreateObservableGauge(
        "codius.apps.unreadable_settings", () => steering.Unreadable.Count, "{app}",
        "Apps for which the host's owner set what cannot be read; unless it is known from before, they are blocked.");

    public IEnumerable<AlertCondition> Check()
    {
        var unreadable = steering.Unreadable;
        foreach (var name in unreadable.Take(MostNamed))
        {
            yield return Of(name, $"What you set for app {name} cannot be read" + (steering.Of(name).IsUnreadable
                ? ": it is blocked, since it may be one that you blocked."
                : " any more; what is known from before holds until the gateways start anew."));
        }
        if (unreadable.Count > MostNamed)
        {
            yield return Of("", string.Create(
                CultureInfo.InvariantCulture, $"What you set for {unreadable.Count - MostNamed} more apps cannot be read."));
        }
    }

    private static AlertCondition Of(string app, string summary) => new(CannotBeRead, AlertSeverity.Critical, app, summary);
}
