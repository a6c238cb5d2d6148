using Codius.Web.Apps;

namespace Codius.Web.Pages.Paying;

/// <summary>The pages for paying an app at an address of the gateway's own; never framed, against clickjacking.</summary>
internal interface IWalletPages
{
    /// <summary>The page that pays, at any balance. A notice says, above the ways to pay, what became of a payment.</summary>
    Task WritePaymentAsync(
        HttpContext context, int status, HostedApp app, ulong funds, WalletFormModel form, string? notice = null);

    /// <summary>The cost, and the link to the wallet.</summary>
    Task WriteConsentAsync(HttpContext context, ConsentModel model);
}
