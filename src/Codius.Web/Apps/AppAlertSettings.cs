using System.Globalization;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps;

/// <summary>Where and when the developer of an app wants to be alerted, as its annotations say.</summary>
/// <param name="Webhook">An https URL of a public name; its address is checked when it is connected to.</param>
/// <param name="BalanceBelow">Units below which an alert is due; null for no such alert.</param>
/// <param name="HoursLeft">An alert is due when the balance lasts for less than so many hours; null for no such alert.</param>
internal sealed record AppAlertSettings(Uri Webhook, ulong? BalanceBelow = null, int? HoursLeft = null)
{
    /// <summary>
    /// Reads annotations; null without a webhook. What is not valid counts as left out: a cluster's people may write any.
    /// </summary>
    public static AppAlertSettings? Of(IReadOnlyDictionary<string, string> annotations)
    {
        if (Valid(annotations, AppAnnotations.AlertWebhook) is not { } webhook) return null;
        return new AppAlertSettings(
            new Uri(webhook),
            Valid(annotations, AppAnnotations.AlertBalanceBelow) is { } units ? ulong.Parse(units, CultureInfo.InvariantCulture) : null,
            Valid(annotations, AppAnnotations.AlertHoursLeft) is { } hours ? int.Parse(hours, CultureInfo.InvariantCulture) : null);
    }

    private static string? Valid(IReadOnlyDictionary<string, string> annotations, string name) =>
        annotations.TryGetValue(name, out var value) && AlertAnnotationRules.FaultOf(name, value) is null ? value : null;
}
