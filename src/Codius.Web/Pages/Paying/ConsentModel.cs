using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>What a payer is told before leaving for the wallet's own page.</summary>
public sealed record ConsentModel
{
    public required string App { get; init; }

    /// <summary>The wallet as its owner named it.</summary>
    public required string Wallet { get; init; }

    /// <summary>What leaves the wallet, in its own currency.</summary>
    public required Money Debit { get; init; }

    /// <summary>What arrives in the app's balance.</summary>
    public required Money Arrives { get; init; }

    /// <summary>The wallet's page.</summary>
    public required string Redirect { get; init; }

    /// <summary>Whose page it is, for the eye.</summary>
    public required string RedirectHost { get; init; }

    public required string Back { get; init; }
}
