using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>All that the 402 page says; amounts are text already, and units (decimal) where scripts compare them.</summary>
public sealed record PaymentModel
{
    public required string App { get; init; }

    public required string PaymentPointer { get; init; }

    public required string WalletAddress { get; init; }

    /// <summary>Where a browser of the 2020 generation posts its receipts.</summary>
    public required string ReceiptsUrl { get; init; }

    /// <summary>The sandbox wallet, filled in; null outside development.</summary>
    public string? SandboxUrl { get; init; }

    /// <summary>The form to pay from a wallet of one's own; null where the host does not offer it.</summary>
    public WalletFormModel? OwnWallet { get; init; }

    public required string ExtensionUrl { get; init; }

    public required Money Opening { get; init; }

    public required Money Balance { get; init; }

    public required Money PerRequest { get; init; }

    public required Money PerHour { get; init; }

    public required string OpenAt { get; init; }

    public required string Funds { get; init; }

    public required int Scale { get; init; }

    /// <summary>How far the balance is on its way to opening, 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>False after a POST: loading the page again would send the form again.</summary>
    public required bool Reloadable { get; init; }
}
