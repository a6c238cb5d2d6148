using Codius.Web.Pages.Following;
using Codius.Web.Pages.Paying;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>The data of the page that pays; amounts are formatted, or in units (decimal text) where scripts compare them.</summary>
public sealed record PaymentModel
{
    public required AppIntroModel App { get; init; }

    /// <summary>True for the 402 in the place of the app's own page; false for the page at an address of the gateway's own.</summary>
    public required bool IsVisit { get; init; }

    /// <summary>What a visit to the app would get; closed for the 402, which is what a visit got.</summary>
    public required Standing Standing { get; init; }

    /// <summary>Why the last start failed, who can mend it and what it cost; null for an app that did not fail.</summary>
    public string? Failure { get; init; }

    public string? FailureCost { get; init; }

    /// <summary>True where no way to pay is put first: a payment is on its way, or would not help.</summary>
    public required bool RecommendsNone { get; init; }

    public string Title => App.Called + Standing switch
    {
        Standing.Closed => " asks to be paid",
        Standing.Failed => " could not start",
        _ => " can be topped up",
    };

    /// <summary>What the page waits for; empty for nothing, and where something else has to be read first.</summary>
    public string Waiting => Sent is not null ? "Waiting for the money to arrive."
        : CanBePaid && Standing == Standing.Closed && Notice is null && OwnWallet?.Error is null ? "Waiting for a payment." : "";

    /// <summary>True if a visitor gets in: the page is for adding to the balance.</summary>
    public bool IsOpen => Standing is Standing.Open or Standing.Low;

    /// <summary>The app's path that the visitor came for.</summary>
    public required string Back { get; init; }

    /// <summary>The address of the page that pays, for the QR code.</summary>
    public required string PageUrl { get; init; }

    /// <summary>False while no way to pay works: the page says so, and shows none.</summary>
    public required bool CanBePaid { get; init; }

    public required string PaymentPointer { get; init; }

    /// <summary>Null where the host can only be paid by SPSP, and while it cannot be paid.</summary>
    public required string? WalletAddress { get; init; }

    /// <summary>
    /// What URLs of payments begin with that the page reads as soon as its browser paid, so that the host looks for the money; null where
    /// it sees the money by itself.
    /// </summary>
    public string? PaymentsUrl { get; init; }

    /// <summary>The URL to which a browser with Web Monetization of 2020 posts its receipts.</summary>
    public required string ReceiptsUrl { get; init; }

    /// <summary>The URL of the sandbox wallet's filled-in page; null outside Development.</summary>
    public string? SandboxUrl { get; init; }

    /// <summary>The form to pay from the visitor's own wallet; null where the host does not offer it.</summary>
    public WalletFormModel? OwnWallet { get; init; }

    public required string ExtensionUrl { get; init; }

    /// <summary>The one way that is not behind a heading.</summary>
    public required PaymentWay Recommended { get; init; }

    /// <summary>True for a visitor who has begun with the form: it is put first, even where the browser could pay by itself.</summary>
    public required bool HasBegun { get; init; }

    /// <summary>What became of a payment; null for nothing to say.</summary>
    public string? Notice { get; init; }

    /// <summary>What the visitor's wallet agreed to pay a moment ago; null for nothing.</summary>
    public Money? Sent { get; init; }

    public required Money Opening { get; init; }

    public required Money Balance { get; init; }

    /// <summary>How long the balance lasts, in words; null below the opening.</summary>
    public string? Lasts { get; init; }

    public required Money PerRequest { get; init; }

    public required Money PerHour { get; init; }

    public required string OpenAt { get; init; }

    public required string Funds { get; init; }

    public required int Scale { get; init; }

    /// <summary>The balance in percent of what opening needs, 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary>False after a POST: a reload would send the form again.</summary>
    public required bool Reloadable { get; init; }

    /// <summary>True where the page without scripts reloads itself, which would empty a form.</summary>
    public bool ReloadsItself => IsVisit && Reloadable;
}

/// <summary>The ways to pay that a page can recommend; a browser that pays by itself comes before them.</summary>
public enum PaymentWay
{
    /// <summary>The sandbox wallet with play money, in Development.</summary>
    Sandbox,

    /// <summary>The form for the visitor's own wallet.</summary>
    OwnWallet,

    /// <summary>The payment pointer and the wallet address, to be copied into any wallet.</summary>
    Addresses,
}
