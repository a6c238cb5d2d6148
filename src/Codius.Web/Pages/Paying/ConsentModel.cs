using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>The data of the page that a payer sees before the wallet's own page.</summary>
public sealed record ConsentModel
{
    /// <summary>What the pages call the app.</summary>
    public required string App { get; init; }

    /// <summary>The wallet as its owner named it.</summary>
    public required string Wallet { get; init; }

    /// <summary>The amount debited from the wallet, in its own currency.</summary>
    public required Money Debit { get; init; }

    /// <summary>The amount credited to the app's balance.</summary>
    public required Money Arrives { get; init; }

    /// <summary>The URL of the wallet's page.</summary>
    public required string Redirect { get; init; }

    /// <summary>The host of that page, for display.</summary>
    public required string RedirectHost { get; init; }

    public required string Back { get; init; }
}
