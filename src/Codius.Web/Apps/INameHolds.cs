using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Remembers whose a deleted name is: for <c>Apps:KeepName</c> only its owner may deploy under it again, with the balance it had.
/// Stores ask before they create and tell after they deleted; both runners share the one implementation, which is in Redis.
/// </summary>
internal interface INameHolds
{
    /// <summary>
    /// Who may deploy under a free name: null for anybody. A name whose time is over has its left-over balance booked as
    /// forfeited first, so that it never goes to the next owner.
    /// </summary>
    /// <exception cref="AppStoreUnavailableException">The store could not be asked.</exception>
    ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation);

    /// <summary>Keeps a name for its owner from now on. Safe to repeat.</summary>
    ValueTask HoldAsync(string name, AccountId owner, CancellationToken cancellation);

    /// <summary>Forgets a kept name, since its owner deployed under it again.</summary>
    ValueTask ReleaseAsync(string name, CancellationToken cancellation);
}
