using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Kubernetes.Catalog;

/// <summary>
/// Writes to <see cref="INameHolds"/> what the catalog sees, until it is written: which apps exist, and which are gone. Webhooks and
/// <c>PUT</c> write the same before; this is for what passed neither, such as an app from a backup or a host without webhooks.
/// </summary>
internal sealed class NameRecords(INameHolds holds, Supervisor supervisor) : SupervisedService(supervisor.Work("names' owners"))
{
    // Only the last state of a name is written. A failed one stays here for the next round.
    private readonly ConcurrentDictionary<string, (AccountId? Owner, bool Exists)> _pending = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The app under this name exists.</summary>
    public void Exists(string name, AccountId? owner) => Write(name, owner, exists: true);

    /// <summary>There is no app under this name any more.</summary>
    public void Gone(string name, AccountId? owner) => Write(name, owner, exists: false);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await _signal.Reader.WaitToReadAsync(stoppingToken))
        {
            _signal.Reader.TryRead(out _);
            while (!await Work.TryAsync(() => WriteAllAsync(stoppingToken), stoppingToken) && !stoppingToken.IsCancellationRequested)
                await Work.WaitAsync(stoppingToken);
        }
    }

    private void Write(string name, AccountId? owner, bool exists)
    {
        // No token can deploy under it.
        if (ManifestHash.LooksLikeHash(name)) return;
        _pending[name] = (owner, exists);
        _signal.Writer.TryWrite(true);
    }

    // One after the other: a start with many apps must not delay the payments in the same store.
    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        foreach (var pending in _pending)
        {
            var (name, (owner, exists)) = pending;
            await (exists ? holds.ExistsAsync(name, owner, cancellation) : holds.GoneAsync(name, owner, cancellation));
            // Unless it changed meanwhile.
            _pending.TryRemove(pending);
        }
    }
}
