using Codius.Web.Apps;

namespace Codius.Web.Pages.Paying;

/// <summary>The pages for paying from the visitor's own wallet.</summary>
internal interface IWalletPages
{
    /// <summary>The form on a page of its own: without scripts, and again with the error.</summary>
    Task WriteFormAsync(HttpContext context, int status, HostedApp app, WalletFormModel form);

    /// <summary>The cost, and the link to the wallet.</summary>
    Task WriteConsentAsync(HttpContext context, ConsentModel model);
}
