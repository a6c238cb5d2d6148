using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Plots;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary><c>GET /admin/</c>: the overview.</summary>
internal sealed class OverviewEndpoint(OverviewReader reader, PlotReader plots, Asset asset, AdminPage page)
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin", (HttpContext context, OverviewEndpoint overview) => overview.GetAsync(context))
            .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var range = PlotRange.Of(context.Request.Query["range"]);
        var content = new OverviewPage.Content(
            await reader.ReadAsync(context.RequestAborted),
            PlotModel.Of($"Earnings, {range.Words}", PlotEndpoints.UrlOfHost(range), "earned", hasPaid: false, range,
                await plots.ReadHostAsync(range, context.RequestAborted), asset));
        await page.WriteAsync<OverviewPage>(
            context, context.AdminFrame("Overview") with { Events = LiveEndpoint.Path, HasPlots = true }, content);
    }
}
