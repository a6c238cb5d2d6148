using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Keeps manifests: custom resources in a cluster, entries in Redis for local processes. What is put was checked and paid
/// (set aside) before; the store decides whose a name is, in one step, so that of two who want a name one gets it.
/// </summary>
internal interface IAppStore
{
    /// <summary>The app under a name, or (any one) with a hash; null if there is none.</summary>
    /// <exception cref="AppStoreUnavailableException">The store could not be asked.</exception>
    ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation);

    /// <summary>True if a deploy account owns at least one app.</summary>
    /// <exception cref="AppStoreUnavailableException">The store could not be asked.</exception>
    ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation);

    /// <summary>
    /// Puts an app under its name, unless the name is another owner's (or is kept for one that deleted it).
    /// The same hash again changes at most annotations and is <see cref="PutOutcome.Unchanged"/>. Safe to repeat.
    /// Once it returned that the app is there, a read of the store finds it, and the catalog of this gateway shows it unless
    /// that takes longer than 10 seconds (<see cref="CatalogWait"/>); other gateways' catalogs show it a moment later.
    /// </summary>
    ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation);

    /// <summary>
    /// Takes an app away; its name is kept for its owner (<see cref="INameHolds"/>), its balance stays. Once it returned, the same holds as
    /// for <see cref="PutAsync"/>.
    /// </summary>
    ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation);
}

/// <summary>All that can become of putting an app.</summary>
internal enum PutOutcome
{
    /// <summary>The name was free.</summary>
    Created,

    /// <summary>The name had another hash before.</summary>
    Replaced,

    /// <summary>The name has this hash already: nothing to pay.</summary>
    Unchanged,

    /// <summary>The name belongs to someone else.</summary>
    OtherOwner,

    /// <summary>What runs apps does not take this one; see <see cref="PutResult.Faults"/>.</summary>
    Refused,

    /// <summary>The store could not be asked, or its answer was lost.</summary>
    Unavailable,
}

/// <summary>What became of it.</summary>
internal readonly record struct PutResult(PutOutcome Outcome, IReadOnlyList<ValidationError>? Faults = null);

/// <summary>All that can become of deleting an app.</summary>
internal enum DeleteOutcome
{
    /// <summary>Gone.</summary>
    Deleted,

    /// <summary>Nothing is deployed under this name.</summary>
    NoSuchApp,

    /// <summary>The name belongs to someone else.</summary>
    OtherOwner,

    /// <summary>The store could not be asked, or its answer was lost.</summary>
    Unavailable,
}

/// <summary>The store of manifests could not be asked; nothing is known about the outcome.</summary>
internal sealed class AppStoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
