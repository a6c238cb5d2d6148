using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Apps;

/// <summary>How many apps are in which state, as gauges, and an alert for each that fails to start again and again.</summary>
internal sealed class AppAlerts(IAppCatalog catalog, IAppRunner runner, StartHistory history) : IAlertSource, IGauges
{
    public static AlertRule FailsToStart { get; } = new("app-fails-to-start", TimeSpan.FromSeconds(15),
        "See the app's last failure and output, and tell its owner; if many fail at once, look at the registry and the cluster.");

    private const int Often = 3;

    /// <summary>Apps that are named; of more, those that were, and then those that failed first: none displaces another.</summary>
    private const int MostNamed = 20;

    private HashSet<string> _named = new(StringComparer.Ordinal);

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge("codius.apps", CountStates, "{app}", "Apps by state; those that are asleep are the rest.");
        meter.CreateObservableGauge(
            "codius.apps.hosted", () => catalog.Current.Count, "{app}", "Apps that are hosted: names, and hashes of immutable ones.");
        meter.CreateObservableGauge(
            "codius.apps.failing", () => runner.Statuses.Count(status => status.State is AppState.Failed && FailedOften(status)), "{app}",
            "Apps that failed to start three times in a row or more; one that is tried again is not counted for so long.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        var failing = runner.Statuses.Where(IsFailing)
            .OrderByDescending(status => _named.Contains(status.App.Name)).ThenBy(status => status.Since)
            .ThenBy(status => status.App.Name, StringComparer.Ordinal).ToList();
        _named = failing.Take(MostNamed).Select(status => status.App.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var status in failing.Take(MostNamed).Where(status => status.State is AppState.Failed))
        {
            yield return new AlertCondition(FailsToStart, AlertSeverity.Warning, status.App.Name,
                $"App {status.App.Name} failed to start {history.FailuresOf(status.App.Hash)} times in a row: {status.LastError}");
        }
        if (failing.Count > MostNamed)
        {
            yield return new AlertCondition(FailsToStart, AlertSeverity.Warning, "", string.Create(
                CultureInfo.InvariantCulture, $"{failing.Count - MostNamed} more apps fail to start again and again."));
        }
    }

    // One that was named keeps its place while it is tried again.
    private bool IsFailing(AppStatus status) => FailedOften(status)
        && (status.State is AppState.Failed || (status.State is AppState.WakingState && _named.Contains(status.App.Name)));

    private bool FailedOften(AppStatus status) => history.FailuresOf(status.App.Hash) >= Often;

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
