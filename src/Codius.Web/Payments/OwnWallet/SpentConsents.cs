using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>Lets each consent be used once over all gateways: its payer may return to another one.</summary>
internal sealed class SpentConsents(IConnectionMultiplexer redis)
{
    /// <summary>False if it was used before.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be reached; nothing was paid.</exception>
    public async ValueTask<bool> TryUseAsync(string nonce)
    {
        try
        {
            return await redis.GetDatabase().StringSetAsync("codius:consent-used:" + nonce, "", ConsentCookie.Lifetime * 2, When.NotExists);
        }
        catch (Exception exception) when (StoreTrouble.Is(exception))
        {
            throw new LedgerUnavailableException("Consents cannot be checked.", exception);
        }
    }
}
