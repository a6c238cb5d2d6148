using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>What can be done to an app from the dashboard, in the order of the buttons.</summary>
internal sealed class AppActionList(
    WakeAction wake, SleepAction sleep, RefundAction refund, AdjustAction adjust, PriceAction price, BlockAction block,
    UnblockAction unblock)
{
    public IReadOnlyList<OwnerAction> All { get; } = [wake, sleep, refund, adjust, price, unblock, block];

    /// <summary>What this admin can do to this app now.</summary>
    public IReadOnlyList<ActionLink> Of(AppRow app, AdminIdentity admin) =>
        [.. All.Where(action => admin.HasAll(action.Scopes) && action.AppliesTo(app)).Select(action => action.Link)];

    /// <summary>What the page of the app says after an action; null for none.</summary>
    public string? DoneOf(string? name) => All.FirstOrDefault(action => action.Name == name)?.Done;
}
