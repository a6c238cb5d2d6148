using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Wallets;

/// <summary><c>GET /admin/wallets</c>: the wallets that receive the host's payments.</summary>
internal sealed class WalletsEndpoint(WalletRows wallets, Asset asset, AdminPage page, TimeProvider time)
{
    public const string Path = "/admin/wallets";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (HttpContext context, WalletsEndpoint list) => list.GetAsync(context)).RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var rows = await wallets.ReadAsync(context.RequestAborted);
        await page.WriteAsync<WalletsPage>(context, context.AdminFrame("Payments"),
            new WalletsModel([.. rows.Select(row => WalletModel.Of(row, asset))], time.GetUtcNow()));
    }
}
