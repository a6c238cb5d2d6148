namespace Codius.Web.Admin.Reading;

/// <summary>The host at a glance.</summary>
/// <param name="State">good, degraded or failed.</param>
/// <param name="Parts">Its parts and their states.</param>
/// <param name="AppsByState">How many apps are asleep, waking, awake and failed.</param>
/// <param name="BalanceTotal">What all accounts have together, in units: paid for and not yet served.</param>
/// <param name="LeasesOut">What of it gateways hold to spend in memory, all of them together.</param>
/// <param name="WaitingVisits">Requests that wait for apps to wake, at all gateways.</param>
/// <param name="EarnedToday">What the host earned since midnight UTC.</param>
/// <param name="Earned7Days">The same of seven days with today.</param>
/// <param name="Earned30Days">The same of thirty days with today.</param>
/// <param name="PaidToday">What payers paid in since midnight UTC.</param>
/// <param name="Connectors">Who owes the host.</param>
/// <param name="Wallets">The wallets that receive its payments.</param>
internal sealed record HostSummary(
    string State, IReadOnlyList<HealthPart> Parts, IReadOnlyDictionary<string, int> AppsByState, UInt128 BalanceTotal, ulong LeasesOut,
    int WaitingVisits, Int128 EarnedToday, Int128 Earned7Days, Int128 Earned30Days, UInt128 PaidToday,
    IReadOnlyList<ConnectorRow> Connectors, IReadOnlyList<WalletRow> Wallets);

/// <summary>A part of the gateway, such as the ledger.</summary>
internal sealed record HealthPart(string Name, string State, string? Summary, DateTimeOffset? Since, string? LastError);
