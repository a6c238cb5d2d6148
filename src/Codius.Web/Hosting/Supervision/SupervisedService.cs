namespace Codius.Web.Hosting.Supervision;

/// <summary>
/// A hosted service whose loop goes on whatever it throws. A start
/// that throws still ends the gateway: it is told, not tried again.
/// </summary>
internal abstract class SupervisedService(SupervisedWork work) : BackgroundService
{
    protected SupervisedWork Work => work;

    /// <summary>The loop; begun anew after a while if it throws, so it keeps in fields what must outlive that.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) => Work.RunAsync(RunAsync, stoppingToken);
}
