namespace Codius.Web.Hosting.Supervision;

/// <summary>
/// A hosted service whose loop is restarted if it throws. A start that throws still ends the gateway: it is reported, not retried.
/// </summary>
internal abstract class SupervisedService(SupervisedWork work) : BackgroundService
{
    protected SupervisedWork Work => work;

    /// <summary>The loop; restarted after a delay if it throws, so state that must survive a restart belongs in fields.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) => Work.RunAsync(RunAsync, stoppingToken);
}
