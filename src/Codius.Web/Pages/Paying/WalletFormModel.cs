using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>The data of the form "pay from your own wallet".</summary>
/// <param name="Back">The app's path to return to.</param>
/// <param name="Amounts">The amounts to choose from, in ascending order.</param>
/// <param name="Entered">The content of the address field.</param>
/// <param name="Times">The selected amount.</param>
/// <param name="Error">The error message; null for none.</param>
public sealed record WalletFormModel(string Back, IReadOnlyList<WalletAmount> Amounts, string Entered = "", int Times = 1,
    string? Error = null)
{
    /// <summary>The path the form is posted to, on the app's own host.</summary>
    public const string Path = "/.well-known/codius/pay";
}

/// <summary>One amount to choose.</summary>
/// <param name="Times">How many openings it pays for; the value the form posts.</param>
/// <param name="Amount">The amount that arrives.</param>
public sealed record WalletAmount(int Times, Money Amount);
