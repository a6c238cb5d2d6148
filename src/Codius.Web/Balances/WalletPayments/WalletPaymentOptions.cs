using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances.WalletPayments;

/// <summary>The incoming payments at the host's receiving wallet that the gateways look at. Section <c>WalletPayments</c>.</summary>
internal sealed class WalletPaymentOptions
{
    public const string Section = "WalletPayments";

    /// <summary>
    /// Payments that may be open at once, about 1.5 kB each (3 kB at most); of more, the client with the most has the one that is idle
    /// longest completed at the wallet. Those are kept until it is done, twice as many in all; the fewer places are left, the fewer
    /// one client may have, so that others still get one.
    /// </summary>
    /// <value>The default is 10,000.</value>
    [Range(10, 1_000_000)]
    public int MostOpen { get; set; } = 10_000;
}
