using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Paying;

/// <summary>What the form "pay from your own wallet" shows.</summary>
/// <param name="Back">The path of the app to come back to.</param>
/// <param name="Amounts">What can be chosen, the least first.</param>
/// <param name="Entered">What stands in the field.</param>
/// <param name="Times">Which amount is chosen.</param>
/// <param name="Error">What was wrong with it, in plain words; null for nothing.</param>
public sealed record WalletFormModel(string Back, IReadOnlyList<WalletAmount> Amounts, string Entered = "", int Times = 1,
    string? Error = null)
{
    /// <summary>Where the form is sent to, on the app's own host.</summary>
    public const string Path = "/.well-known/codius/pay";
}

/// <summary>One amount to choose.</summary>
/// <param name="Times">How often the amount that opens the app is in it; what the form sends.</param>
/// <param name="Amount">What arrives.</param>
public sealed record WalletAmount(int Times, Money Amount);
