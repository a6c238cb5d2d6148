using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Records who owns a name, from before its app is created until <c>Apps:KeepName</c> after it was deleted: for so long only that owner
/// may deploy under it, with the balance it had. A deletion only sets the record's end, so however an app vanishes, its name is never
/// free before its owner's time is over. Both engines share the implementation in Redis.
/// </summary>
/// <remarks>
/// No owner (null) is the host itself: its apps' names go to no token either. Each method throws
/// <see cref="AppStoreUnavailableException"/> if the store did not answer.
/// </remarks>
internal interface INameHolds
{
    /// <summary>
    /// The owner a name is recorded for, for the host itself an account of no token; null if there is none, or its time is over.
    /// Changes nothing.
    /// </summary>
    ValueTask<AccountId?> OwnerAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Records the owner of an app that is about to be created; null if that succeeded, else the owner whose name it is. The claim ends
    /// after 5 minutes unless <see cref="ExistsAsync"/> follows. When an earlier owner's time is over, the remaining balance is booked
    /// as forfeited first, so that it never goes to the next owner. Only for a name under which there is no app.
    /// </summary>
    ValueTask<AccountId?> ClaimAsync(string name, AccountId? owner, CancellationToken cancellation);

    /// <summary>The app exists: its record has no end. Safe to repeat.</summary>
    ValueTask ExistsAsync(string name, AccountId? owner, CancellationToken cancellation);

    /// <summary>The app is about to be deleted: its owner's time starts now.</summary>
    ValueTask HoldAsync(string name, AccountId? owner, CancellationToken cancellation);

    /// <summary>
    /// An app whose owner cannot be verified is about to be deleted: the time of the owner on record starts now, or the host's own if there
    /// is none.
    /// </summary>
    ValueTask HoldRecordedAsync(string name, CancellationToken cancellation);

    /// <summary>The app was seen to be gone: its owner's time starts now, unless it has started. Safe to repeat.</summary>
    ValueTask GoneAsync(string name, AccountId? owner, CancellationToken cancellation);
}
