namespace Codius.Web.Payments;

/// <summary>Where the money goes that payers send.</summary>
internal enum PaymentsMode
{
    /// <summary>The gateway is the receiver: SPSP, Open Payments and ILP end here.</summary>
    Direct,

    /// <summary>The host's receiving wallet is: SPSP queries are passed to it, and its receipts come back.</summary>
    Wallet,
}
