using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Processes;

/// <summary>What the runner and its processes share.</summary>
internal sealed record ProcessRunnerParts(
    ProcessTools Tools, StartHistory History, TimeSpan StartTimeout, Supervisor Supervisor, ILogger Log)
{
    public SupervisedWork Lives { get; } = Supervisor.Work("app processes");

    public SupervisedWork Ends { get; } = Supervisor.Work("ends of apps");

    public SupervisedWork Changes { get; } = Supervisor.Work("changes of apps");
}
