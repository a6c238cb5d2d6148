namespace Codius.Web.Apps.Processes.Running;

/// <summary>What the runner and its processes share.</summary>
internal sealed record ProcessRunnerParts(ProcessTools Tools, StartHistory History, TimeSpan StartTimeout, ILogger Log)
{
    /// <summary>The runner's lock.</summary>
    public Lock Lock { get; } = new();
}
