using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.Notes;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>Lets each consent be used once over all gateways: its payer may return to another one.</summary>
/// <remarks>
/// A note that was forgotten, since its client flooded the host with others, costs nothing: the wallet itself takes a consent once.
/// </remarks>
internal sealed class SpentConsents(BoundedNotes notes, TimeProvider time)
{
    /// <summary>False if it was used before.</summary>
    /// <exception cref="LedgerUnavailableException">The store could not be reached; nothing was paid.</exception>
    public ValueTask<bool> TryUseAsync(string nonce, IPAddress? from) =>
        notes.TryAddAsync("consent:" + nonce, from, time.GetUtcNow() + (ConsentCookie.Lifetime * 2));
}
