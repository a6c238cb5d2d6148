using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Following;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;
using Codius.Web.Pages.Visiting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Home;

/// <summary><c>GET /</c> on the host: its own page; with <c>?account=</c> the account of a deploy token as well.</summary>
internal sealed class HomeEndpoint(
    RazorPage page, HostNames names, Asset asset, WireAsset wire, Prices prices, IAppCatalog catalog, IBalanceLedger ledger,
    SandboxWallet sandbox, OfferedWays offered, IOptions<PageOptions> options)
{
    public async Task GetAsync(HttpContext context)
    {
        var asked = context.Request.Query["account"].ToString();
        var account = AccountId.TryParse(asked, out var id) && id.IsDeployToken ? id : (AccountId?)null;
        Balance? balance = null;
        try
        {
            if (account is { } known) balance = await ledger.ReadAsync(known, context.RequestAborted);
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, FollowProblems.LedgerAway);
            return;
        }
        // Never framed: a clickjacking page could make the reader use the attacker's deploy token.
        await page.WriteAsync<HomePage>(context, StatusCodes.Status200OK, new Dictionary<string, object?>
        {
            ["Model"] = new HomeModel
            {
                PerRequest = Money.Of(prices.PerRequest, asset),
                PerHour = Money.Of(prices.PerRunningHour, asset),
                PerDeploy = Money.Of(prices.PerDeploy, asset),
                Opening = Money.Of(prices.OpenAt, asset),
                Account = account is { } shown ? ModelOf(shown, balance?.Funds ?? 0) : null,
                BadAccount = asked.Length > 0 && account is null,
                ExampleImage = options.Value.ExampleImage!,
                KubernetesApiUrl = options.Value.KubernetesApiUrl,
                HasKubernetesAuthority = options.Value.KubernetesAuthorityFile is not null,
                Apps = options.Value.ListApps == true
                    ? [.. catalog.Current.Named.Select(app => new AppLink(AppIntroModel.Of(app), names.OriginOf(app.Name) + "/"))]
                    : [],
            },
        }, framable: false);
    }

    private AccountModel ModelOf(AccountId account, ulong funds)
    {
        var pointer = names.HostPaymentPointerOf(account.ToString());
        return new AccountModel
        {
            Id = account.ToString(),
            Balance = Money.Of(funds, asset),
            PaymentPointer = pointer,
            CanBePaid = offered.CanBePaid,
            WalletAddress = offered.ShowsWalletAddress ? names.HostWalletAddressOf(account.ToString()) : null,
            PageUrl = names.PageOfAccount(account.ToString()),
            SandboxUrl = sandbox.UrlToPay(pointer, wire.AsAsset().Format(wire.ToWireUp(Math.Max(prices.PerDeploy, 1)))),
            Scale = asset.Scale,
        };
    }
}

/// <summary>Maps the page into the host's endpoints.</summary>
internal static class HomeRoutes
{
    public static IEndpointRouteBuilder MapHome(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", (HttpContext context, HomeEndpoint home) => home.GetAsync(context));
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<PageOptions>>().Value.KubernetesAuthorityFile is { } authority)
            endpoints.MapGet(HomeExamples.AuthorityPath, () => Results.File(Path.GetFullPath(authority), "application/x-pem-file"));
        return endpoints;
    }
}
