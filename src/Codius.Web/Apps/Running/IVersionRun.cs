namespace Codius.Web.Apps.Running;

/// <summary>What runs one version (one hash) of apps: a process, or the pods of a Deployment. Names of the same hash share it.</summary>
internal interface IVersionRun
{
    /// <summary>What it is doing now; a new object each time it becomes awake.</summary>
    AppState State { get; }

    /// <summary>The names that need it. Used under the runner's lock.</summary>
    HashSet<string> Holders { get; }
}
