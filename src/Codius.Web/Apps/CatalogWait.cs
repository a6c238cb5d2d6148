using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// Decorates the store: a change returns once the catalog of this gateway shows it, so that a client that deploys and visits
/// at once finds the app.
/// </summary>
internal sealed class CatalogWait(IAppStore store, IAppCatalog catalog, TimeProvider time) : IAppStore
{
    /// <summary>Longer than a catalog needs; after that the call returns all the same, and the catalog shows the change later.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation) => store.FindAsync(nameOrHash, cancellation);

    public ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation) => store.OwnsAnyAsync(owner, cancellation);

    public async ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation)
    {
        var put = await store.PutAsync(app, cancellation);
        // Unchanged too: another request with the same manifest may have written it a moment before.
        if (put.Outcome is PutOutcome.Created or PutOutcome.Replaced or PutOutcome.Unchanged) await WaitUntilShownAsync(app.Name, app.Hash);
        return put;
    }

    public async ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        var outcome = await store.DeleteAsync(name, owner, cancellation);
        if (outcome == DeleteOutcome.Deleted) await WaitUntilShownAsync(name, null);
        return outcome;
    }

    /// <param name="name">The app.</param>
    /// <param name="hash">What runs under that name; null for nothing.</param>
    private async Task WaitUntilShownAsync(string name, string? hash)
    {
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if ((catalog.Current.TryFind(name, out var app) ? app.Hash : null) == hash) shown.TrySetResult();
        }
        catalog.Changed += Check;
        Check();
        await shown.Task.WaitAsync(Timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        catalog.Changed -= Check;
    }
}
