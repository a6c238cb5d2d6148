using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>The outcomes of a query to the receiving wallet.</summary>
internal enum WalletOutcome
{
    /// <summary>It can be paid, and gives receipts.</summary>
    Answered,

    /// <summary>It cannot make receipts, so nothing paid to it could be credited: 409.</summary>
    NoReceipts,

    /// <summary>It refused, or could not be reached: 502.</summary>
    Down,

    /// <summary>It did not answer in time: 504.</summary>
    TooSlow,
}

/// <summary>The receiving wallet's answer; credentials only if it can be paid.</summary>
internal sealed record WalletAnswer(WalletOutcome Outcome, SpspResponse? Credentials = null);

/// <summary>The receiving wallet's SPSP endpoint; null in Direct mode, which has none.</summary>
internal sealed record ReceivingWalletAddress(Uri? Endpoint);
