using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Payments;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Wallets;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>Whether the host is well, in one sentence, and its parts.</summary>
/// <param name="Level">The worst of them.</param>
/// <param name="Verdict">The sentence.</param>
/// <param name="Parts">The parts of <c>/admin/health</c>.</param>
/// <param name="Alerts">What wants the owner's attention.</param>
public sealed record HealthModel(
    string Level, string Verdict, IReadOnlyList<PartModel> Parts, IReadOnlyList<AlertModel> Alerts)
{
    internal static HealthModel Of(IEnumerable<HealthPart> health, IEnumerable<Alert> raised)
    {
        PartModel[] parts = [.. health.Select(PartModel.Of)];
        // A part that is not well is shown as an alert too, with what it says of itself.
        AlertModel[] alerts =
        [
            .. raised.Select(AlertModel.Of), .. parts.Where(part => part.Level != Overview.Level.Good).Select(part => new AlertModel(
                part.Level == Overview.Level.Bad, $"{part.Name}: {Overview.Level.InWords(part.Level)}", part.Summary ?? "", part.Since)),
        ];
        var level = alerts.Any(alert => alert.IsCritical) ? Overview.Level.Bad
            : alerts.Length > 0 ? Overview.Level.Warn : Overview.Level.Good;
        return new HealthModel(level, alerts.Length == 0
            ? "All is well"
            : $"{Shown.Count(alerts.Length, "thing")} {(alerts.Length == 1 ? "wants" : "want")} your attention", parts, alerts);
    }
}

/// <summary>One part of the host's health.</summary>
public sealed record PartModel(string Name, string Level, string? Summary, DateTimeOffset? Since)
{
    internal static PartModel Of(HealthPart part) =>
        new(Called(part.Name), Overview.Level.Of(part.State), part.Summary ?? part.LastError, part.Since);

    private static string Called(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');
}

/// <summary>One alert.</summary>
/// <param name="IsCritical">It costs money or visits now.</param>
/// <param name="Summary">What is the matter.</param>
/// <param name="WhatToDo">What helps.</param>
/// <param name="Since">Since when; null if not known.</param>
public sealed record AlertModel(bool IsCritical, string Summary, string WhatToDo, DateTimeOffset? Since)
{
    /// <summary>The page to act on it, and what its link says; null for none.</summary>
    public (string Url, string Words)? Page { get; init; }

    internal static AlertModel Of(Alert alert) =>
        new(alert.Severity == AlertSeverity.Critical, alert.Summary, alert.WhatToDo, alert.Since)
        {
            Page = PageOf(alert.Rule, alert.Subject),
        };

    private static (string Url, string Words)? PageOf(string rule, string subject) => (rule, subject) switch
    {
        ("connector-owes-much", not "") => ($"/admin/connectors/{Uri.EscapeDataString(subject)}", $"Go to {subject}"),
        ("app-fails-to-start", "") => ("/admin/apps?state=failed", "Go to the failed apps"),
        ("app-fails-to-start" or "app-settings-unreadable", not "") =>
            ($"/admin/apps/{Uri.EscapeDataString(subject)}", $"Go to {AppLine.CalledOf(subject)}"),
        ("payment-given-up", _) => (WalletsEndpoint.Path, "Go to the receiving wallet"),
        ("no-payments", _) => (PaymentsEndpoint.Path, "Go to the payments"),
        _ => null,
    };
}
