using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Following;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Visiting;

/// <summary>Collects the data of the page that pays.</summary>
internal sealed class PaymentModels(
    HostNames names, Asset asset, Prices hostsPrices, IOptions<PageOptions> options, SandboxWallet sandbox, WalletAmounts hostsAmounts,
    OfferedWays offered, SentPayment sent, IAppRunner runner, StartMessages messages)
{
    /// <summary>The 402 in the place of the app's own page.</summary>
    public PaymentModel OfVisit(HttpRequest request, HostedApp app, ulong funds) =>
        Of(request, app, funds, new WalletFormModel(request.Path.ToUriComponent() + request.QueryString, []), null, isVisit: true);

    /// <summary>The page at an address of the gateway's own.</summary>
    public PaymentModel OfPage(HttpRequest request, HostedApp app, ulong funds, WalletFormModel form, string? notice) =>
        Of(request, app, funds, form, notice, isVisit: false);

    private PaymentModel Of(HttpRequest request, HostedApp app, ulong funds, WalletFormModel form, string? notice, bool isVisit)
    {
        var (prices, amounts) = (hostsPrices.For(app), hostsAmounts.For(app));
        var pointer = names.PaymentPointerOf(app.Name);
        var sandboxUrl = sandbox.UrlToPay(pointer, amounts.UsualText(funds));
        var ownWallet = offered.ShowsWalletAddress ? form with { Amounts = amounts.All(funds) } : null;
        // A visitor who has begun with the form goes on with it.
        var hasBegun = form.Error is not null || notice is not null || (!isVisit && request.Query["way"] == "wallet");
        var state = isVisit ? null : runner.StateOf(app);
        var standing = state is null ? Standing.Closed : Standings.Of(state, funds, prices);
        var failed = standing == Standing.Failed ? state as AppState.Failed : null;
        var arriving = notice is null && form.Error is null ? sent.Read(request) : null;
        return new PaymentModel
        {
            App = AppIntroModel.Of(app),
            IsVisit = isVisit,
            Standing = standing,
            Failure = failed?.Reason,
            FailureCost = failed is null ? null : messages.AfterFailure(failed),
            RecommendsNone = arriving is not null || (failed is not null && !hasBegun),
            Back = form.Back,
            PageUrl = names.OriginOf(app.Name) + WalletFormModel.Path,
            CanBePaid = offered.CanBePaid,
            PaymentPointer = pointer,
            WalletAddress = offered.ShowsWalletAddress ? names.WalletAddressOf(app.Name) : null,
            PaymentsUrl = offered.NeedsHints ? names.Origin + "/" : null,
            ReceiptsUrl = $"{names.Origin}/balances/{app.Account}:creditReceipt",
            SandboxUrl = sandboxUrl,
            OwnWallet = ownWallet,
            ExtensionUrl = options.Value.ExtensionUrl.ToString(),
            Recommended = sandboxUrl is not null && !(hasBegun && ownWallet is not null) ? PaymentWay.Sandbox
                : ownWallet is not null ? PaymentWay.OwnWallet : PaymentWay.Addresses,
            HasBegun = hasBegun,
            Notice = notice,
            Sent = arriving is { } units ? Money.Of(units, asset) : null,
            Opening = Money.Of(prices.OpenAt, asset),
            Balance = Money.Of(funds, asset),
            Lasts = OrdinaryUse.InWords(funds, prices),
            PerRequest = Money.Of(prices.PerRequest, asset),
            PerHour = Money.Of(prices.PerRunningHour, asset),
            OpenAt = prices.OpenAt.ToString(CultureInfo.InvariantCulture),
            Funds = funds.ToString(CultureInfo.InvariantCulture),
            Scale = asset.Scale,
            Percent = prices.OpenAt == 0 ? 100 : (int)UInt128.Min((UInt128)funds * 100 / prices.OpenAt, 100),
            Reloadable = !isVisit || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method),
        };
    }
}
