using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Stores manifests: custom resources in a cluster, entries in Redis for local processes. The caller has validated the manifest and
/// reserved the price before; the store decides atomically who owns a name, so that of two concurrent owners exactly one gets it.
/// </summary>
internal interface IAppStore
{
    /// <summary>The app under a name, or (any one) with a hash; null if there is none.</summary>
    /// <exception cref="AppStoreUnavailableException">The store did not answer.</exception>
    ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation);

    /// <summary>True if a deploy account owns at least one app.</summary>
    /// <exception cref="AppStoreUnavailableException">The store did not answer.</exception>
    ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation);

    /// <summary>
    /// Stores an app under its name, unless the name is another owner's (or is held for the owner that deleted it).
    /// The same hash again changes at most annotations and is <see cref="PutOutcome.Unchanged"/>. Safe to repeat.
    /// Once it has returned success, a read of the store finds the app, and the catalog of this gateway shows it unless that takes
    /// longer than 10 seconds (<see cref="CatalogWait"/>); other gateways' catalogs show it a moment later.
    /// </summary>
    ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation);

    /// <summary>
    /// Deletes an app; its name is held for its owner (<see cref="INameHolds"/>), its balance stays. Once it has returned, the same
    /// holds as for <see cref="PutAsync"/>.
    /// </summary>
    ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation);
}

/// <summary>The outcomes of <see cref="IAppStore.PutAsync"/>.</summary>
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

    /// <summary>The engine rejects this app; see <see cref="PutResult.Faults"/>.</summary>
    Refused,

    /// <summary>The store did not answer, or its answer was lost.</summary>
    Unavailable,
}

/// <summary>The outcome, and why the engine rejected the app.</summary>
internal readonly record struct PutResult(PutOutcome Outcome, IReadOnlyList<ValidationError>? Faults = null);

/// <summary>The outcomes of <see cref="IAppStore.DeleteAsync"/>.</summary>
internal enum DeleteOutcome
{
    /// <summary>Gone.</summary>
    Deleted,

    /// <summary>Nothing is deployed under this name.</summary>
    NoSuchApp,

    /// <summary>The name belongs to someone else.</summary>
    OtherOwner,

    /// <summary>The store did not answer, or its answer was lost.</summary>
    Unavailable,
}

/// <summary>The store of manifests did not answer; the outcome is unknown.</summary>
internal sealed class AppStoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
