using System.Diagnostics.CodeAnalysis;
using Codius.Web.Hosting;
using Interledger.Net.Spsp;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>Parses the wallet address that a visitor entered: <c>$wallet.example/you</c>, a URL, or one without its scheme.</summary>
internal static class WalletInput
{
    public const string OwnAddress =
        "This is an address of this host. Write the address of your own wallet, which money can be paid from.";

    private const int MaxLength = 300;

    /// <returns>The error message; null if it was parsed.</returns>
    public static string? Read(string? text, HostNames names, out Uri? wallet)
    {
        wallet = null;
        text = text?.Trim() ?? "";
        if (text.Length == 0) return "Write your wallet address here.";
        if (text.Length > MaxLength || !TryRead(text, out wallet)) return "This is not a wallet address. Check it for typing errors.";
        return names.IsPaidHere(wallet.IdnHost) ? OwnAddress : null;
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out Uri? wallet)
    {
        wallet = null;
        if (text[0] == '$')
        {
            if (!PaymentPointer.TryParse(text, out var pointer, out _)) return false;
            wallet = pointer.ToUri();
            return true;
        }
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        return Uri.TryCreate(text, UriKind.Absolute, out wallet) && (wallet.Scheme is "https" or "http")
            && wallet.UserInfo.Length == 0 && wallet.Query.Length == 0 && wallet.Fragment.Length == 0;
    }
}
