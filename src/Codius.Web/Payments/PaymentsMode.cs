namespace Codius.Web.Payments;

/// <summary>Who receives the payments.</summary>
internal enum PaymentsMode
{
    /// <summary>The gateway is the receiver: SPSP, Open Payments and ILP end here.</summary>
    Direct,

    /// <summary>The host's wallet is the receiver: what it says it received is credited here.</summary>
    Wallet,
}
