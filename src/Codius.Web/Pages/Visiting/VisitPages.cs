using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Visiting;

/// <summary>Writes the pages that answer a navigation instead of the app.</summary>
internal sealed class VisitPages(RazorPage page, HostNames names, Asset asset, Prices prices, IOptions<PageOptions> options,
    SandboxWallet sandbox, WalletAmounts amounts, StartMessages messages)
    : IVisitPages
{
    public Task WritePaymentRequiredAsync(HttpContext context, HostedApp app, ulong funds) =>
        page.WriteAsync<PaymentRequired>(context, StatusCodes.Status402PaymentRequired, new Dictionary<string, object?>
        {
            ["Model"] = ModelOf(context.Request, app, funds),
        });

    public Task WriteWakingAsync(HttpContext context, HostedApp app, AppState state)
    {
        var failure = state as AppState.Failed;
        return page.WriteAsync<Waking>(context, StatusCodes.Status503ServiceUnavailable, new Dictionary<string, object?>
        {
            ["App"] = app.Name,
            ["Failure"] = failure?.Reason,
            ["Cost"] = failure is null ? messages.Waiting : messages.AfterFailure(failure),
            ["Detail"] = (state as AppState.WakingState)?.Detail,
            ["Retry"] = failure?.RetryAt is { } at
                ? $"The host tries again with the first visit after {at.UtcDateTime:HH:mm:ss} UTC." : null,
            ["Reloadable"] = IsReloadable(context.Request),
        });
    }

    private PaymentModel ModelOf(HttpRequest request, HostedApp app, ulong funds)
    {
        var missing = prices.OpenAt > funds ? prices.OpenAt - funds : prices.OpenAt;
        return new PaymentModel
        {
            App = app.Name,
            PaymentPointer = names.PaymentPointerOf(app.Name),
            WalletAddress = names.WalletAddressOf(app.Name),
            ReceiptsUrl = $"{names.Origin}/balances/{app.Account}:creditReceipt",
            SandboxUrl = sandbox.UrlToPay(names.PaymentPointerOf(app.Name), asset.Format(missing)),
            OwnWallet = options.Value.OwnWallet
                ? new WalletFormModel(request.Path.ToUriComponent() + request.QueryString, amounts.All(funds)) : null,
            ExtensionUrl = options.Value.ExtensionUrl.ToString(),
            Opening = Money.Of(prices.OpenAt, asset),
            Balance = Money.Of(funds, asset),
            PerRequest = Money.Of(prices.PerRequest, asset),
            PerHour = Money.Of(prices.PerRunningHour, asset),
            OpenAt = prices.OpenAt.ToString(CultureInfo.InvariantCulture),
            Funds = funds.ToString(CultureInfo.InvariantCulture),
            Scale = asset.Scale,
            Percent = prices.OpenAt == 0 ? 100 : (int)UInt128.Min((UInt128)funds * 100 / prices.OpenAt, 100),
            Reloadable = IsReloadable(request),
        };
    }

    private static bool IsReloadable(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
