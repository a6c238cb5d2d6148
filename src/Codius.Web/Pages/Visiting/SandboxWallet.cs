using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Visiting;

/// <summary>The URL of the sandbox wallet, which exists in Development only.</summary>
internal sealed class SandboxWallet(HostNames names, IOptions<SandboxOptions> sandbox)
{
    /// <summary>The wallet's page with pointer and amount filled in; null without a sandbox.</summary>
    public string? UrlToPay(string pointer, string amount) =>
        sandbox.Value.Enabled == true
            ? $"{names.OriginOf("wallet")}/?pay={Uri.EscapeDataString(pointer)}&amount={amount}"
            : null;
}
