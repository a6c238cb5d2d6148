using Codius.Web.Admin.Access;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Apps;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary><c>GET /admin/apps/{name}/statement.csv</c>: the newest entries of an app's statement, for a signed-in browser.</summary>
internal sealed class AppStatementEndpoint(IAppCatalog catalog, IBooks books, Asset asset)
{
    private const int MostRows = 1_000;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/apps/{name}/statement.csv",
                (HttpContext context, AppStatementEndpoint statement, string name) => statement.GetAsync(context, name))
            .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context, string name)
    {
        if (!catalog.Current.TryFind(name, out var app))
        {
            await Problems.WriteAsync(context, Problem.NoSuchApp);
            return;
        }
        var csv = StatementCsv.Write((await books.ReadEntriesAsync(app.Account, null, MostRows, context.RequestAborted)).Entries, asset);
        var response = context.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.ContentLength = csv.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{app.Name}.csv\"";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(csv, context.RequestAborted);
    }
}
