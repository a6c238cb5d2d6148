using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary><c>GET /admin/apps</c>: the apps, fifty at a time.</summary>
internal sealed class AppsEndpoint(AppRows apps, IAppCatalog catalog, Asset asset, AdminPage page, TimeProvider time)
{
    private const int Size = 50;

    private static readonly Dictionary<string, AppOrder> Orders = new(StringComparer.Ordinal)
    {
        ["dry"] = AppOrder.RunsDry,
        ["spending"] = AppOrder.Spending,
        ["balance"] = AppOrder.Balance,
        ["name"] = AppOrder.Name,
    };

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/apps", (HttpContext context, AppsEndpoint list) => list.GetAsync(context)).RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var asked = context.Request.Query;
        var (search, state, sort) = (Given(asked["q"]), Given(asked["state"]), Given(asked["sort"]));
        if (sort is null || !Orders.ContainsKey(sort)) sort = "dry";
        var cursor = Given(asked["cursor"]);
        var query = new AppQuery(cursor, Size, Orders[sort], search, state);
        // A cursor of another order, or an old one: from the beginning.
        var found = await apps.ReadAsync(query, context.RequestAborted)
            ?? await apps.ReadAsync(query with { Cursor = cursor = null }, context.RequestAborted);
        await page.WriteAsync<AppsPage>(context, context.AdminFrame("Apps"),
            new AppsModel(AppsTableModel.Of(found!.Rows, asset, time.GetUtcNow()), catalog.Current.Named.Count, found.Next)
            {
                Search = search,
                State = state,
                Sort = sort,
                IsLater = cursor is not null,
            });
    }

    private static string? Given(string? text) => text is { Length: > 0 and <= 300 } ? text.Trim() : null;
}
