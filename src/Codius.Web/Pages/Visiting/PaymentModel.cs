using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>The data of the 402 page; amounts are formatted, or in units (decimal text) where scripts compare them.</summary>
public sealed record PaymentModel
{
    public required string App { get; init; }

    public required string PaymentPointer { get; init; }

    public required string WalletAddress { get; init; }

    /// <summary>The URL to which a browser with Web Monetization of 2020 posts its receipts.</summary>
    public required string ReceiptsUrl { get; init; }

    /// <summary>The URL of the sandbox wallet's filled-in page; null outside Development.</summary>
    public string? SandboxUrl { get; init; }

    /// <summary>The form to pay from the visitor's own wallet; null where the host does not offer it.</summary>
    public WalletFormModel? OwnWallet { get; init; }

    public required string ExtensionUrl { get; init; }

    public required Money Opening { get; init; }

    public required Money Balance { get; init; }

    public required Money PerRequest { get; init; }

    public required Money PerHour { get; init; }

    public required string OpenAt { get; init; }

    public required string Funds { get; init; }

    public required int Scale { get; init; }

    /// <summary>The balance in percent of what opening needs, 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>False after a POST: a reload would send the form again.</summary>
    public required bool Reloadable { get; init; }
}
