using System.Threading.Channels;
using Codius.Web.Apps;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// Commits a deploy's price once the catalog shows the deploy: by then the cluster has accepted it, whoever sent it.
/// Each replica watches; the first commits.
/// </summary>
internal sealed class DeployCommits(IAppCatalog catalog, DeployReservations reservations) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One waiting signal is enough: the snapshot read after it has all changes before it.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Signal() => changes.Writer.TryWrite(true);
        catalog.Changed += Signal;
        try
        {
            // What was there at the start was committed by whoever saw it come, or its reservation has run out.
            var seen = catalog.Current;
            await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
            {
                var current = catalog.Current;
                foreach (var app in current.Apps) await CommitAsync(app, seen);
                foreach (var app in seen.Apps) await ForgetAsync(app, current);
                seen = current;
            }
        }
        finally
        {
            catalog.Changed -= Signal;
        }
    }

    private ValueTask CommitAsync(HostedApp app, AppSnapshot seen)
    {
        if (app.Owner is not { } owner) return ValueTask.CompletedTask;
        return seen.TryFind(app.Name, out var before) && before.Hash == app.Hash && before.Owner == owner
            ? ValueTask.CompletedTask : reservations.CommitAsync(new Deploy(owner, app.Name, app.Hash));
    }

    private ValueTask ForgetAsync(HostedApp app, AppSnapshot current) =>
        app.Owner is { } owner && !current.TryFind(app.Name, out _) ? reservations.ForgetAsync(owner, app.Name) : ValueTask.CompletedTask;
}
