using Codius.Web.Balances;

namespace Codius.Web.Deploying.Paying;

/// <summary>Reads the funds of a deploy token's account.</summary>
internal sealed class DeployFunds(IBalanceLedger ledger, Prices prices)
{
    /// <exception cref="LedgerUnavailableException">The store did not answer.</exception>
    public async ValueTask<ulong> ReadAsync(AccountId account, CancellationToken cancellation) =>
        (await ledger.ReadAsync(account, cancellation))?.Funds ?? 0;

    /// <exception cref="LedgerUnavailableException">The store did not answer.</exception>
    public async ValueTask<bool> CanPayAsync(AccountId account, CancellationToken cancellation) =>
        Suffice(await ReadAsync(account, cancellation));

    /// <summary>True if so many units pay for a deploy.</summary>
    public bool Suffice(ulong funds) => funds >= prices.PerDeploy;
}
