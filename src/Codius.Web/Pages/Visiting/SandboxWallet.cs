using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Visiting;

/// <summary>Where the sandbox wallet is, if there is one: on a developer's machine only.</summary>
internal sealed class SandboxWallet(HostNames names, IOptions<SandboxOptions> sandbox)
{
    /// <summary>The wallet's page, filled in; null where there is none.</summary>
    public string? UrlToPay(string pointer, string amount) =>
        sandbox.Value.Enabled == true
            ? $"{names.OriginOf("wallet")}/?pay={Uri.EscapeDataString(pointer)}&amount={amount}"
            : null;
}
