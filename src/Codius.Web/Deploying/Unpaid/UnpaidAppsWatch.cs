using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Deploying.Unpaid;

/// <summary>Has the apps that nobody pays for looked at when it is this gateway's turn.</summary>
internal sealed partial class UnpaidAppsWatch(UnpaidApps apps, Supervisor supervisor, TimeProvider time, ILogger<UnpaidAppsWatch> log)
    : SupervisedService(supervisor.Work("apps that nobody pays for"))
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // Not at the start, when the apps and their states may not be known yet.
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await apps.LookAsync(stoppingToken);
                Work.Succeeded();
            }
            catch (Exception away) when (away is LedgerUnavailableException or AppStoreUnavailableException)
            {
                LogUnavailable(away.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The apps that nobody pays for cannot be looked at now: {Cause}")]
    private partial void LogUnavailable(string cause);
}
