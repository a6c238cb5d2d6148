using System.ComponentModel.DataAnnotations;
using Codius.Web.Hosting;

namespace Codius.Web.Payments;

/// <summary>How money comes in. Section <c>Payments</c>.</summary>
internal sealed class PaymentsOptions : EndpointRateOptions
{
    public const string Section = "Payments";

    /// <summary>Who receives: the gateway itself, or the host's wallet.</summary>
    /// <value>The default is null: <c>Wallet</c> if <see cref="Wallet"/> is given, else <c>Direct</c>.</value>
    public PaymentsMode? Mode { get; set; }

    /// <summary>Payment pointer of the host's wallet, which receives the payments then; not under the host's own domain.</summary>
    public string? Wallet { get; set; }

    /// <summary>
    /// Calls a second to the host's wallet, of all gateways together: to query it by SPSP, to create incoming payments there and to read
    /// what they received.
    /// </summary>
    /// <value>The default is 10.</value>
    [Range(1, 10_000)]
    public int WalletCalls { get; set; } = 10;

    /// <summary>How long the host's wallet may take to answer a call; of an SPSP query, retries included.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WalletTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The host's ILP address, in Direct mode; accounts are paid at addresses below it.</summary>
    /// <value>Development's default is <c>test.codius</c>; elsewhere the connector's operator gives one.</value>
    public string? IlpAddress { get; set; }

    /// <summary>
    /// Digits behind the point of the amounts in connectors' packets, in Direct mode: 2 for cents. At most <c>Host:AssetScale</c>; null
    /// for as many. What is sent to payers has these digits, balances and prices keep the ledger's.
    /// </summary>
    /// <value>The default is null.</value>
    [Range(1, 12)]
    public int? AssetScale { get; set; }

    /// <summary>Connector tokens, by the connector's name (<c>a-z 0-9 -</c>): who may post packets to <c>/ilp</c>.</summary>
    public IDictionary<string, string> Connectors { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What a connector may owe the host, as decimal text of the asset; beyond it packets are rejected with T04.</summary>
    /// <value>The default is 1000.</value>
    [Required]
    public string MaxUnsettled { get; set; } = "1000";

    /// <summary>The most that one packet may carry, as decimal text of the asset; null for what an account can hold.</summary>
    public string? MaxPacketAmount { get; set; }

    /// <summary>A packet with less time left than this is rejected, before the ledger is called.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan MinimumWindow { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long before a packet's expiry its credit must be done, so that the Fulfill still counts when it arrives.</summary>
    /// <value>The default is half a second.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan FulfillMargin { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the ILP address of an SPSP answer can be paid.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long after its nonce was issued a receipt can be redeemed.</summary>
    /// <value>The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ReceiptLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Requests a second with its grants' tokens that one client of Open Payments, such as a wallet's server for all its customers, may
    /// make at each endpoint; over it 429.
    /// </summary>
    /// <value>The default is 200.</value>
    [Range(1, 1_000_000)]
    public int PerGrantClient { get; set; } = 200;

    /// <summary>How many of them may come at once after a rest.</summary>
    /// <value>The default is 2000.</value>
    [Range(1, 1_000_000)]
    public int PerGrantClientBurst { get; set; } = 2000;

    /// <summary>For tests only: allows wallets over http and at private addresses. Refused in Production.</summary>
    /// <value>The default is true in Development, else false.</value>
    public bool? InsecureClients { get; set; }

    /// <summary>The mode that <see cref="Mode"/> and <see cref="Wallet"/> name together.</summary>
    internal PaymentsMode Receiver => Mode ?? (string.IsNullOrEmpty(Wallet) ? PaymentsMode.Direct : PaymentsMode.Wallet);
}
