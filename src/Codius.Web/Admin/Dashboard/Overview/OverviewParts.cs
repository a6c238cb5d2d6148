using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Pages.Rendering;
using Microsoft.AspNetCore.Components;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>The parts of the overview that change while it is open, each rendered by itself.</summary>
internal sealed class OverviewParts(RazorPage page)
{
    /// <summary>The parts' HTML by name.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> RenderAsync(OverviewModel model) => new Dictionary<string, string>
    {
        ["health"] = await page.RenderAsync<HealthStrip>(Of(model.Health)),
        ["earned"] = await page.RenderAsync<EarnedToday>(Of(model.Earnings)),
        ["sums"] = await page.RenderAsync<EarnedSums>(Of(model.Earnings)),
        ["states"] = await page.RenderAsync<States>(Of(model.States)),
        ["debts"] = await page.RenderAsync<Debts>(Of(model.Debts, model)),
        ["apps"] = await page.RenderAsync<AppsTable>(Of(model.Apps)),
        ["dry"] = await page.RenderAsync<DrySums>(Of(model.Dry)),
        ["pulse"] = await page.RenderAsync<Pulse>(Of(model.Pulse)),
        ["busiest"] = await page.RenderAsync<Busiest>(Of(model.Busiest)),
        ["feed"] = await page.RenderAsync<Feed>(Of(model.Happenings, model)),
    };

    private static ParameterView Of(object model) =>
        ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = model });

    private static ParameterView Of(object part, OverviewModel model) =>
        ParameterView.FromDictionary(new Dictionary<string, object?> { ["Model"] = part, ["Now"] = model.Now });
}
