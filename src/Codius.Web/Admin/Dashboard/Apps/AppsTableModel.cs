using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary>Apps with what they have left.</summary>
public sealed record AppsTableModel(IReadOnlyList<AppLine> Lines, string Code, DateTimeOffset Now)
{
    internal static AppsTableModel Of(IEnumerable<AppRow> rows, Asset asset, DateTimeOffset now) =>
        new([.. rows.Select(row => AppLine.Of(row, asset, now))], asset.Code, now);
}

/// <summary>One app as the dashboard shows it.</summary>
/// <param name="Name">Its name, or the hash of its version.</param>
/// <param name="Image">Its image.</param>
/// <param name="State">asleep, waking, awake, failed or blocked.</param>
/// <param name="Balance">What it has left.</param>
/// <param name="Left">For how long.</param>
/// <param name="Spending">What it spends in an hour; null for nothing.</param>
/// <param name="LastVisit">When its last visit was; null if not known.</param>
public sealed record AppLine(
    string Name, string Image, string State, AmountModel Balance, MoneyLeft Left, AmountModel? Spending, DateTimeOffset? LastVisit)
{
    /// <summary>What the pages call it: a hash is too long for them.</summary>
    public string Called => CalledOf(Name);

    /// <summary>The same of a name.</summary>
    public static string CalledOf(string name) => ManifestHash.LooksLikeHash(name) ? name[..12] + "…" : name;

    internal static AppLine Of(AppRow app, Asset asset, DateTimeOffset now) => new(
        app.Name, app.Image, app.Blocked is null ? app.State : "blocked", AmountModel.Of(app.Balance, asset),
        MoneyLeft.Of(app.Balance, app.PricePerRequest, app.RunsDryAt, now),
        app.SpendingPerHour == 0 ? null : AmountModel.Of(app.SpendingPerHour, asset), app.LastVisit);
}
