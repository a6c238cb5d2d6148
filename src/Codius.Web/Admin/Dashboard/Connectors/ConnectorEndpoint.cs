using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Connectors;

/// <summary><c>GET /admin/connectors/{name}</c>: what a connector owes.</summary>
internal sealed class ConnectorEndpoint(
    ConnectorRows connectors, IBooks books, SettleAction settle, Asset asset, AdminPage page, TimeProvider time)
{
    private const int StatementSize = 50;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/admin/connectors/{name}",
        (HttpContext context, ConnectorEndpoint connector, string name) => connector.GetAsync(context, name))
        .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context, string name)
    {
        if (connectors.DebtorOf(name) is not { } debtor || await connectors.FindAsync(name, context.RequestAborted) is not { } row)
        {
            await page.WriteMissingAsync(context, context.AdminFrame(""), MissingModel.Connector);
            return;
        }
        var statement = await books.ReadEntriesAsync(debtor.Book, null, StatementSize, context.RequestAborted);
        await page.WriteAsync<ConnectorPage>(context, context.AdminFrame(""), new ConnectorModel(
            DebtModel.Of(row, asset), StatementModel.Of(statement, asset), context.Admin().HasAll(settle.Scopes),
            context.Request.Query["done"] == settle.Name ? settle.Done : null, time.GetUtcNow()));
    }
}
