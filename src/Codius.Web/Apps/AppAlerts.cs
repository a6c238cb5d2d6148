using System.Diagnostics.Metrics;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Apps;

/// <summary>How many apps are in which state, as gauges, and an alert for each that fails to start again and again.</summary>
internal sealed class AppAlerts(IAppCatalog catalog, IAppRunner runner, StartHistory history) : IAlertSource, IGauges
{
    public static AlertRule FailsToStart { get; } = new("app-fails-to-start", TimeSpan.FromSeconds(15),
        "See the app's last failure and output, and tell its owner; if many fail at once, look at the registry and the cluster.");

    private const int Often = 3;

    /// <summary>Apps that are named; of more, those whose failures are newest.</summary>
    private const int MostNamed = 20;

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge("codius.apps", CountStates, "{app}", "Apps by state; those that are asleep are the rest.");
        meter.CreateObservableGauge(
            "codius.apps.hosted", () => catalog.Current.Count, "{app}", "Apps that are hosted: names, and hashes of immutable ones.");
    }

    public IEnumerable<AlertCondition> Check() => runner.Statuses
        .Where(status => status.State is AppState.Failed && history.FailuresOf(status.App.Hash) >= Often)
        .OrderByDescending(status => status.Since).Take(MostNamed)
        .Select(status => new AlertCondition(FailsToStart, AlertSeverity.Warning, status.App.Name,
            $"App {status.App.Name} failed to start {history.FailuresOf(status.App.Hash)} times in a row: {status.LastError}"));

    private Measurement<int>[] CountStates()
    {
        var (awake, waking, failed) = (0, 0, 0);
        foreach (var status in runner.Statuses)
        {
            if (status.State is AppState.Awake) awake++;
            else if (status.State is AppState.WakingState) waking++;
            else if (status.State is AppState.Failed) failed++;
        }
        return [Of(awake, "awake"), Of(waking, "waking"), Of(failed, "failed")];
    }

    private static Measurement<int> Of(int count, string state) => new(count, new KeyValuePair<string, object?>("state", state));
}
