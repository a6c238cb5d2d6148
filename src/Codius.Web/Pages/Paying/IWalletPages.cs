using Codius.Web.Apps;

namespace Codius.Web.Pages.Paying;

/// <summary>The pages of a visitor who pays from a wallet of their own.</summary>
internal interface IWalletPages
{
    /// <summary>The form by itself: without scripts, and again with what was wrong.</summary>
    Task WriteFormAsync(HttpContext context, int status, HostedApp app, WalletFormModel form);

    /// <summary>What it costs, and the way to the wallet.</summary>
    Task WriteConsentAsync(HttpContext context, ConsentModel model);
}
