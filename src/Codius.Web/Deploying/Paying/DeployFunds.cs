using Codius.Web.Balances;

namespace Codius.Web.Deploying.Paying;

/// <summary>Reads the funds of a deploy token's account.</summary>
internal sealed class DeployFunds(IBalanceLedger ledger)
{
    /// <exception cref="LedgerUnavailableException">The store did not answer.</exception>
    public async ValueTask<ulong> ReadAsync(AccountId account, CancellationToken cancellation) =>
        (await ledger.ReadAsync(account, cancellation))?.Funds ?? 0;
}
