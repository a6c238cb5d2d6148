using System.Threading.Channels;
using Codius.Web.Apps;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// Commits a deploy's price once the catalog shows the deploy: by then the cluster has accepted it, whichever client sent it.
/// Each replica watches; the first commits.
/// </summary>
internal sealed class DeployCommits(IAppCatalog catalog, DeployReservations reservations, Supervisor supervisor)
    : SupervisedService(supervisor.Work("deploy commits"))
{
    private AppSnapshot? _seen;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // One waiting signal is enough: the snapshot read after it has all changes before it.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Signal() => changes.Writer.TryWrite(true);
        catalog.Changed += Signal;
        try
        {
            // An app that existed at the start was committed by the gateway that saw it appear, or its reservation has expired.
            if (_seen is null) _seen = catalog.Current;
            else Signal(); // restarted: what failed is still to do
            await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
            {
                var current = catalog.Current;
                // All are tried. If one fails, all are repeated: a commit that succeeded changes nothing. One that does not succeed
                // before its reservation expires is lost: the payer has the price back, and the host has deployed for nothing.
                await Task.WhenAll([
                    .. current.Apps.Select(app => CommitAsync(app, _seen).AsTask()),
                    .. _seen.Apps.Select(app => ForgetAsync(app, current).AsTask()),
                ]);
                _seen = current;
                Work.Succeeded();
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
