using System.Globalization;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// What its developer wants to know of an app. Each condition ends later than it begins, so that an amount close to the bound makes one
/// alert: a balance when it is a tenth above its bound, hours when there is money for a quarter more of them.
/// </summary>
internal sealed class DeveloperConditions
{
    public static AlertRule BalanceBelow { get; } = new("balance-below", TimeSpan.Zero,
        "Pay the app's payment pointer, or lower codius.org/alert-balance-below.");

    public static AlertRule HoursLeft { get; } = new("hours-left", TimeSpan.Zero,
        "Pay the app's payment pointer, or lower codius.org/alert-hours-left.");

    public static AlertRule FailedToStart { get; } = new("failed-to-start", TimeSpan.Zero,
        "GET /services/{name} with your deploy token has the app's last lines of output.");

    public static IReadOnlyList<AlertRule> Rules { get; } = [BalanceBelow, HoursLeft, FailedToStart];

    // An app without money spends nothing, and one with little ever less: the highest spending since the alert began counts until it ends.
    private readonly Dictionary<string, ulong> _spending = new(StringComparer.Ordinal);

    /// <param name="app">An app with alerts.</param>
    /// <param name="reading">What it has and spends.</param>
    /// <param name="status">What it does; null while it is asleep.</param>
    /// <param name="isAlert">True if a rule is an alert of the app already.</param>
    public IEnumerable<AlertCondition> Check(HostedApp app, AccountReading reading, AppStatus? status, Func<AlertRule, bool> isAlert)
    {
        if (app.Alerts is not { } wanted) yield break;
        if (wanted.BalanceBelow is { } below && IsBelow(reading.Funds, below, isAlert(BalanceBelow)))
            yield return Of(app, BalanceBelow, $"App {app.Name} has {reading.Funds} units left; you want to know below {below}.");
        if (wanted.HoursLeft is { } hours && SpendingThatLeavesLess(app, reading, hours, isAlert(HoursLeft)) is { } spending)
        {
            yield return Of(app, HoursLeft,
                $"App {app.Name} has {reading.Funds} units left and spends {spending} an hour: less than {hours} hours.") with
            {
                Memory = spending.ToString(CultureInfo.InvariantCulture),
            };
        }
        if (status is { State: AppState.Failed { Cause: FailureCause.App or FailureCause.Image } failed })
            yield return Of(app, FailedToStart, $"App {app.Name} failed to start: {failed.Reason}");
        // One that is tried again goes on with its alert until it is awake; so does one that is not, also after a start of this gateway.
        else if (status?.State is not AppState.Awake && isAlert(FailedToStart))
            yield return Of(app, FailedToStart, $"App {app.Name} failed to start, and has not been awake since.");
    }

    /// <summary>An alert of before this gateway started, with what its mark has.</summary>
    public AlertCondition Resume(AlertRule rule, HostedApp app, string memory)
    {
        if (rule == HoursLeft && ulong.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var spending))
            _spending[app.Name] = spending;
        return Of(app, rule, $"App {app.Name} has had this alert since before the gateway started.") with
        {
            Memory = memory.Length == 0 ? null : memory,
        };
    }

    /// <summary>Forgets the apps that have no alerts any more.</summary>
    public void Keep(IReadOnlySet<string> names)
    {
        foreach (var gone in _spending.Keys.Where(name => !names.Contains(name)).ToList()) _spending.Remove(gone);
    }

    private static bool IsBelow(ulong funds, ulong bound, bool isAlert) =>
        funds < (isAlert ? bound + ((UInt128)bound / 10) : bound);

    private ulong? SpendingThatLeavesLess(HostedApp app, AccountReading reading, int hours, bool isAlert)
    {
        var spending = isAlert
            ? Math.Max(reading.SpendingPerHour, _spending.GetValueOrDefault(app.Name))
            : reading.SpendingPerHour;
        var needed = (UInt128)spending * (uint)hours;
        if (reading.Funds < (isAlert ? needed + (needed / 4) : needed))
        {
            _spending[app.Name] = spending;
            return spending;
        }
        _spending.Remove(app.Name);
        return null;
    }

    private static AlertCondition Of(HostedApp app, AlertRule rule, FormattableString summary) =>
        new(rule, AlertSeverity.Warning, app.Name, summary.ToString(CultureInfo.InvariantCulture));
}
