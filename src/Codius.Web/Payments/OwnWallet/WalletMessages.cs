using OpenPayments.Net.Paying;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>The messages that a visitor reads when paying from a wallet fails.</summary>
internal static class WalletMessages
{
    public const string UnknownConsent =
        "This payment was not begun in this browser, or more than a quarter of an hour ago. Nothing was paid; please begin again.";
    public const string WrongHash =
        "The answer does not fit the question that was sent to your wallet. Nothing was paid; please begin again.";
    public const string Declined = "Your wallet says that you did not agree. Nothing was paid.";
    public const string TooManyRequests = "Many people are paying from this wallet right now. Try again in a minute.";
    public const string HostUnavailable = "This host cannot receive a payment right now. Nothing was paid; try again in a moment.";
    public const string TooLarge = "Your wallet's answer is too large to be kept. Please pay in another way.";

    /// <summary>The look-up of the wallet failed.</summary>
    public static string OfLookUp(WalletFault fault) => fault switch
    {
        WalletFault.NotAllowed => "A wallet address begins with https:// and has no port.",
        WalletFault.Unreachable => "No wallet answers at this address. Check it for typing errors.",
        WalletFault.NotFollowed => "This address leads on to one that is not followed: without https://, with a port, or after more than "
            + "three others. Write the address of the wallet itself.",
        WalletFault.Trouble => "This wallet has trouble of its own right now. Try again later.",
        _ => "There is no wallet at this address. Check it for typing errors.",
    };

    /// <summary>The preparation of the payment failed.</summary>
    public static string OfQuote(WalletFault fault, string? detail) => fault switch
    {
        WalletFault.Refused =>
            "Your wallet cannot pay this app: the two may not be connected, or the amount is too small for it." + Quoted(detail),
        WalletFault.Unreachable or WalletFault.Trouble =>
            "Your wallet does not answer properly right now. Nothing was paid; try again later.",
        _ => "Your wallet answers in a way this host does not understand. Nothing was paid; please pay in another way.",
    };

    /// <summary>The payment failed.</summary>
    public static string OfPayment(WalletFault fault, string? detail) => fault switch
    {
        WalletFault.Refused =>
            "Your wallet did not make the payment: it may be out of funds, or too much time has passed. Please begin again."
                + Quoted(detail),
        _ => "Your wallet did not say whether it made the payment. Look into your wallet before you pay again.",
    };

    // Shown as plain text, and as a quotation: the wallet's words are not the host's.
    private static string Quoted(string? detail) => detail is null ? "" : $" The wallet says: \u201C{detail}\u201D";
}
