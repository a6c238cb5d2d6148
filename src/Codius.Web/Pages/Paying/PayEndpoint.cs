using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages.Following;

namespace Codius.Web.Pages.Paying;

/// <summary><c>GET /.well-known/codius/pay</c> on an app's host: the page that pays it, at any balance. The QR code leads here.</summary>
internal sealed class PayEndpoint(IAppCatalog catalog, IBalanceLedger ledger, FollowRateLimiter limiter, IWalletPages pages)
{
    public async Task GetAsync(HttpContext context)
    {
        var found = catalog.TryFind(context, out var app);
        if (!await limiter.EnterAsync(context, FollowRateLimiter.Pay, found ? new Followed(app!.Account, app) : null)) return;
        if (!found)
        {
            await Problems.WriteAsync(context, Problem.NoSuchApp);
            return;
        }
        if (app!.BlockedWords is { } words)
        {
            await Problems.WriteAsync(context, Problem.AppBlocked(words));
            return;
        }
        try
        {
            var funds = (await ledger.ReadAsync(app.Account, context.RequestAborted))?.Funds ?? 0;
            await pages.WritePaymentAsync(
                context, StatusCodes.Status200OK, app, funds, new WalletFormModel(BackPath.Of(context.Request.Query["back"]), []));
        }
        catch (LedgerUnavailableException)
        {
            await Problems.WriteAsync(context, FollowProblems.LedgerAway);
        }
    }
}

/// <summary>Maps the page into an app's endpoints.</summary>
internal static class PayRoutes
{
    public static IEndpointRouteBuilder MapPay(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(WalletFormModel.Path, (HttpContext context, PayEndpoint pay) => pay.GetAsync(context))
            .WithOwnRate(FollowRateLimiter.Pay);
        return endpoints;
    }
}
