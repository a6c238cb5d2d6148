using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances.Incoming;

/// <summary>How many incoming payments are kept. Section <c>IncomingPayments</c>.</summary>
internal sealed class IncomingOptions
{
    public const string Section = "IncomingPayments";

    /// <summary>
    /// Paid incoming payments that one account keeps, about a kilobyte each; of more, those that ended are forgotten, then the one that
    /// received least. No payer is refused.
    /// </summary>
    /// <value>The default is 1,000.</value>
    [Range(10, 100_000)]
    public int MostKept { get; set; } = 1_000;

    /// <summary>
    /// Paid incoming payments that the host keeps, of all accounts; of more, the accounts with least credited for each lose theirs.
    /// </summary>
    /// <value>The default is 100,000.</value>
    [Range(10, 100_000_000)]
    public int MostKeptOfHost { get; set; } = 100_000;

    /// <summary>
    /// Connections with receipts whose totals the host keeps, about 400 bytes each; of more, those that end soonest are forgotten, and
    /// their receipts begin at 0 again.
    /// </summary>
    /// <value>The default is 100,000.</value>
    [Range(10, 100_000_000)]
    public int MostTotalsOfHost { get; set; } = 100_000;

    /// <summary>
    /// Newest payments that the owner's list of the host has, of all accounts, about 300 bytes each; older ones, and those of less than
    /// a request costs, are in the statements of their accounts alone.
    /// </summary>
    /// <value>The default is 50,000.</value>
    [Range(100, 10_000_000)]
    public int MostListedOfHost { get; set; } = 50_000;
}
