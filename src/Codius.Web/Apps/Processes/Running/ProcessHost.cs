using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Ends the processes an earlier gateway left running before the first visit, and all apps after the last one.</summary>
internal sealed class ProcessHost(ProcessRunner runner, ProcessRunnerContext context, IOptions<AppOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (context.Process.PidFiles.EndOrphans() is { Count: > 0 } orphans) ProcessLog.EndedOrphans(context.Log, orphans.Count);
        return Task.CompletedTask;
    }

    // Hosted services stop after Kestrel has: no visit is in flight any more.
    public Task StopAsync(CancellationToken cancellationToken) => runner.CloseAsync(options.Value.Processes.StopGrace, cancellationToken);
}
