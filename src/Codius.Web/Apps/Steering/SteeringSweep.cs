using Codius.Web.Apps.Manifests;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Steering;

/// <summary>
/// Removes what is set for names that are free: under which there is no app, and which no owner has any more. A name's next owner begins
/// without it, and the store does not grow for ever.
/// </summary>
internal sealed class SteeringSweep(
    IAppSteering steering, IAppCatalog catalog, INameHolds holds, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("steering of free names"))
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Goes over all names once.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var name in steering.All.Keys)
        {
            // A hash has no owner: what is set for it is meant for the content, also if another owner deploys that again.
            if (ManifestHash.LooksLikeHash(name) || IsHosted(name) || await holds.OwnerAsync(name, cancellation) is not null) continue;
            // Deployed since it was looked up: its owner claimed the name before, so the record says so now.
            if (IsHosted(name)) continue;
            await steering.ForgetAsync(name, cancellation);
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
                Work.Succeeded();
            }
            catch (AppStoreUnavailableException)
            {
                // The next round.
            }
        }
    }

    private bool IsHosted(string name) => catalog.Current.TryFind(name, out _);
}
