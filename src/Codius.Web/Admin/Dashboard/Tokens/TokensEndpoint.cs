using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;

namespace Codius.Web.Admin.Dashboard.Tokens;

/// <summary><c>GET /admin/tokens</c>: the admin tokens that were made, never the tokens themselves.</summary>
internal sealed class TokensEndpoint(AdminTokens tokens, RevokeTokenAction revoke, AdminPage page, TimeProvider time)
{
    public const string Path = "/admin/tokens";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (HttpContext context, TokensEndpoint list) => list.GetAsync(context)).RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        var known = await tokens.ListAsync();
        var now = time.GetUtcNow();
        await page.WriteAsync<TokensPage>(context, context.AdminFrame("Tokens"), new TokensModel(
            [.. known.Select(token => TokensModel.Line.Of(token, now))], context.Admin().Name, context.Admin().HasAll(AdminScopes.All),
            context.Request.Query["done"] == revoke.Name ? revoke.Done : null));
    }
}
