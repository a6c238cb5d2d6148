using Codius.Web.Apps;
using Codius.Web.Pages.Rendering;
using Codius.Web.Pages.Visiting;

namespace Codius.Web.Pages.Paying;

/// <summary>Writes the pages.</summary>
internal sealed class WalletPages(RazorPage page, PaymentModels models) : IWalletPages
{
    public Task WritePaymentAsync(
        HttpContext context, int status, HostedApp app, ulong funds, WalletFormModel form, string? notice = null) =>
        page.WriteAsync<PaymentPage>(context, status, new Dictionary<string, object?>
        {
            ["Model"] = models.OfPage(context.Request, app, funds, form, notice),
        }, framable: false);

    public Task WriteConsentAsync(HttpContext context, ConsentModel model) =>
        page.WriteAsync<ConsentPage>(context, StatusCodes.Status200OK, new Dictionary<string, object?> { ["Model"] = model },
            framable: false);
}
