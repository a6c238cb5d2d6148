using System.Threading.Channels;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// Commits a deploy's price once the catalog shows the deploy: by then the cluster has accepted it, whichever client sent it.
/// Each replica watches; the first commits.
/// </summary>
internal sealed class DeployCommits(IAppCatalog catalog, DeployReservations reservations, UnpaidDays unpaid, Supervisor supervisor)
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
                await Task.WhenAll(current.ChangedSince(_seen).Select(name => FollowAsync(name, _seen, current)).ToList());
                _seen = current;
                Work.Succeeded();
            }
        }
        finally
        {
            catalog.Changed -= Signal;
        }
    }

    private async Task FollowAsync(string name, AppSnapshot seen, AppSnapshot current)
    {
        if (current.TryFind(name, out var app)) await CommitAsync(app, seen);
        else if (seen.TryFind(name, out var gone)) await ForgetAsync(gone);
    }

    private async ValueTask CommitAsync(HostedApp app, AppSnapshot seen)
    {
        if (app.Owner is not { } owner
            || (seen.TryFind(app.Name, out var before) && before.Hash == app.Hash && before.Owner == owner)) return;
        await reservations.CommitAsync(new Deploy(owner, app.Name, app.Hash));
        await ForgetUnpaidAsync(app.Name);
    }

    private async ValueTask ForgetAsync(HostedApp app)
    {
        if (app.Owner is not { } owner) return;
        await reservations.ForgetAsync(owner, app.Name);
        await ForgetUnpaidAsync(app.Name);
    }

    private async ValueTask ForgetUnpaidAsync(string app)
    {
        try
        {
            await unpaid.ForgetAsync(app);
        }
        catch (LedgerUnavailableException)
        {
            // Then the days of the same version before its deletion count on, if it is deployed again before they end by themselves.
        }
    }
}
