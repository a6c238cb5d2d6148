namespace Codius.Web.Payments.HostWallet;

/// <summary>What the host's wallet is.</summary>
internal enum HostWalletKind
{
    /// <summary>It has not answered so far, or there is none: the gateway receives payments itself.</summary>
    Unknown,

    /// <summary>A wallet address of Open Payments: it makes incoming payments for the gateway.</summary>
    OpenPayments,

    /// <summary>A wallet of 2020, which knows SPSP with receipts alone.</summary>
    SpspOnly,
}
