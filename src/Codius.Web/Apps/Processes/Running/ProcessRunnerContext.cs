using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>The dependencies that the runner and its processes share.</summary>
internal sealed record ProcessRunnerContext(
    ProcessContext Process, StartHistory History, TimeSpan StartTimeout, int MaxAwakePerOwner, Supervisor Supervisor, ILogger Log)
{
    public TimeProvider Time => Process.Time;

    /// <summary>The runner's lock.</summary>
    public Lock Lock { get; } = new();

    public SupervisedWork Runs { get; } = Supervisor.Work("app processes");

    public SupervisedWork Stops { get; } = Supervisor.Work("ends of apps");

    public SupervisedWork Changes { get; } = Supervisor.Work("changes of apps");
}
