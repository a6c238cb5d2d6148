using Codius.Web.Hosting;

namespace Codius.Web.Pages.Visiting;

/// <summary>Where the sandbox wallet is, if there is one: on a developer's machine only.</summary>
internal sealed class SandboxWallet(HostNames names, bool isThere)
{
    /// <summary>The wallet's page, filled in; null where there is none.</summary>
    public string? UrlToPay(string pointer, string amount, string receiptsUrl) =>
        isThere
            ? $"{names.OriginOf("wallet")}/?pay={Uri.EscapeDataString(pointer)}&amount={amount}&receipts={Uri.EscapeDataString(receiptsUrl)}"
            : null;
}
