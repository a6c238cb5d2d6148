using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>The outcomes of a query to the receiving wallet.</summary>
internal enum WalletOutcome
{
    /// <summary>It can be paid, and gives receipts.</summary>
    Answered,

    /// <summary>It cannot make receipts, so nothing paid to it by SPSP could be credited: 409, unless it speaks Open Payments.</summary>
    NoReceipts,

    /// <summary>It knows no SPSP at this address: 502, unless it speaks Open Payments.</summary>
    NoSpsp,

    /// <summary>It refused, or could not be reached: 502.</summary>
    Down,

    /// <summary>It did not answer in time: 504.</summary>
    TooSlow,
}

/// <summary>The receiving wallet's answer; credentials, and the answer they are from, only if it can be paid.</summary>
internal sealed record WalletAnswer(WalletOutcome Outcome, SpspResponse? Credentials = null, ReadOnlyMemory<byte> Body = default);

/// <summary>The receiving wallet's SPSP endpoint; null in Direct mode, which has none.</summary>
internal sealed record ReceivingWalletAddress(Uri? Endpoint);
