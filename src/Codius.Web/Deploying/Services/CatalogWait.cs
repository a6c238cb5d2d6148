using Codius.Web.Apps;

namespace Codius.Web.Deploying.Services;

/// <summary>Holds an answer back until visits to this gateway see the change: whoever deploys and visits at once finds the app.</summary>
internal sealed class CatalogWait(IAppCatalog catalog, TimeProvider time)
{
    /// <summary>Longer than a catalog takes; after that the change is answered all the same, and seen a little later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="name">The app.</param>
    /// <param name="hash">What shall run under that name; null for nothing.</param>
    public async Task WaitAsync(string name, string? hash)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if ((catalog.Current.TryFind(name, out var app) ? app.Hash : null) == hash) seen.TrySetResult();
        }
        catalog.Changed += Look;
        Look();
        await seen.Task.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        catalog.Changed -= Look;
    }
}
