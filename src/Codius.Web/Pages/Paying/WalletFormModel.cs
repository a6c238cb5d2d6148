using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>The data of the form "pay from your own wallet".</summary>
/// <param name="Back">The app's path to return to.</param>
/// <param name="Amounts">The amounts to choose from, in ascending order.</param>
/// <param name="Entered">The content of the address field.</param>
/// <param name="Choice">The selected amount.</param>
/// <param name="Error">The error message; null for none.</param>
public sealed record WalletFormModel(string Back, IReadOnlyList<WalletAmount> Amounts, string Entered = "",
    AmountChoice Choice = WalletAmounts.Usual, string? Error = null)
{
    /// <summary>The path of the page that pays, and the one the form is posted to, on the app's own host.</summary>
    public const string Path = "/.well-known/codius/pay";
}

/// <summary>One amount to choose.</summary>
/// <param name="Choice">How long it lasts.</param>
/// <param name="Amount">The amount that arrives.</param>
public sealed record WalletAmount(AmountChoice Choice, Money Amount)
{
    /// <summary>The value the form posts.</summary>
    public string Value => Choice.ToString().ToLowerInvariant();

    public string Words => Choice switch
    {
        AmountChoice.Hour => "about an hour",
        AmountChoice.Day => "about a day",
        _ => "opens it now",
    };
}
