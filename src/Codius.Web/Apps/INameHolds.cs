using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Records who owned a deleted name: for <c>Apps:KeepName</c> only that owner may deploy under it again, with the balance it had.
/// Stores read the hold before they create an app and write it when they delete one; both engines share the implementation in Redis.
/// </summary>
internal interface INameHolds
{
    /// <summary>
    /// The owner a free name is held for; null if every owner may deploy under it. When a hold has expired, the remaining balance is
    /// booked as forfeited first, so that it never goes to the next owner.
    /// </summary>
    /// <exception cref="AppStoreUnavailableException">The store did not answer.</exception>
    ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation);

    /// <summary>Holds a name for its owner from now on. Safe to repeat.</summary>
    ValueTask HoldAsync(string name, AccountId owner, CancellationToken cancellation);

    /// <summary>Removes the hold, since the owner deployed under the name again.</summary>
    ValueTask ReleaseAsync(string name, CancellationToken cancellation);
}
