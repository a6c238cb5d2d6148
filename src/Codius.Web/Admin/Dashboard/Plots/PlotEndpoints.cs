using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>The data of the dashboard's plots.</summary>
internal sealed class PlotEndpoints(PlotReader reader, IAppCatalog apps, Asset asset)
{
    private const string Root = "/admin/dashboard/data";

    public static string UrlOfHost(PlotRange range) => $"{Root}/earnings?range={range.Name}";

    public static string UrlOfApp(string name, PlotRange range) => $"{Root}/apps/{name}?range={range.Name}";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Root + "/earnings", (HttpContext context, PlotEndpoints plots) => plots.GetOfHostAsync(context))
            .RequireSession(AdminScope.Read);
        endpoints.MapGet(Root + "/apps/{name}", (HttpContext context, PlotEndpoints plots, string name) => plots.GetAsync(context, name))
            .RequireSession(AdminScope.Read);
    }

    private Task<IResult> GetOfHostAsync(HttpContext context) =>
        AnswerAsync(context, "earned", hasPaid: false, range => reader.ReadHostAsync(range, context.RequestAborted));

    private Task<IResult> GetAsync(HttpContext context, string name) => apps.Current.TryFind(name, out var app)
        ? AnswerAsync(context, "spent", hasPaid: true, range => reader.ReadAsync(app.Account, range, context.RequestAborted))
        : Task.FromResult(Results.NotFound());

    private async Task<IResult> AnswerAsync(
        HttpContext context, string first, bool hasPaid, Func<PlotRange, ValueTask<IReadOnlyList<PlotBar>>> read)
    {
        context.Response.Headers.CacheControl = "no-store";
        var range = PlotRange.Of(context.Request.Query["range"]);
        try
        {
            return Results.Json(PlotData.Of(range, await read(range), first, hasPaid, asset));
        }
        catch (LedgerUnavailableException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
