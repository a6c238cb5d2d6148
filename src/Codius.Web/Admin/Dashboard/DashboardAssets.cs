using Codius.Web.Hosting.Rates;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Admin.Dashboard;

/// <summary>The dashboard's style sheet and scripts, and uPlot's, which are the files of its npm package.</summary>
internal static class DashboardAssets
{
    public const string UPlotScript = "uplot.uPlot.iife.min.js";
    public const string UPlotStyles = "uplot.uPlot.min.css";

    private static readonly EmbeddedAssets Assets = new("Codius.Web.Admin.Dashboard.Assets.", "/admin/assets");

    public static string UrlOf(string file) => Assets.UrlOf(file);

    public static IEndpointRouteBuilder MapDashboardAssets(this IEndpointRouteBuilder endpoints)
    {
        // The page to sign in needs them before anybody has.
        Assets.Map(endpoints).WithoutRate("bytes in memory, which browsers keep for good; a page needs several at once");
        return endpoints;
    }
}
