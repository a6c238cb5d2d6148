namespace Codius.Web.Balances.WalletPayments;

/// <summary>The wallets that receive the host's payments: none, if the gateways receive them.</summary>
internal interface IHostWallets
{
    /// <summary>What this gateway knows of each, and what all have in the store.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    ValueTask<IReadOnlyList<HostWallet>> ReadAsync(CancellationToken cancellation);
}

/// <summary>A wallet that receives the host's payments.</summary>
/// <param name="Pointer">As the settings name it.</param>
/// <param name="Address">Its wallet address; null while it is not known, or if it has none.</param>
/// <param name="State">receiving; receivingBySpsp, with receipts; stopped: nothing is credited; or unknown: it has not answered.</param>
/// <param name="Stopped">Why nothing is credited; null if it is.</param>
/// <param name="LastFailure">What it last refused, or how it failed, at this gateway since its start; null for nothing.</param>
/// <param name="LastFailureAt">When that was.</param>
/// <param name="OpenPayments">Payments made there that may be paid.</param>
/// <param name="ClosingPayments">Payments that are about to be completed there.</param>
/// <param name="DueLooks">Accounts, each by client, that have a payment whose look is due.</param>
/// <param name="GivenUp">Payments that could not be credited for 30 days after their end, newest first.</param>
internal sealed record HostWallet(
    string Pointer, string? Address, string State, string? Stopped, string? LastFailure, DateTimeOffset? LastFailureAt, long OpenPayments,
    long ClosingPayments, long DueLooks, IReadOnlyList<GivenUpPayment> GivenUp);
