namespace Codius.Web.Apps.Running;

/// <summary>One running version (one hash) of an app: a process, or the pods of a Deployment. Names of the same hash share it.</summary>
internal interface IVersionRun
{
    /// <summary>Its state now; a new object each time it becomes awake.</summary>
    AppState State { get; }

    /// <summary>The names that need it. Used under the runner's lock.</summary>
    HashSet<string> Holders { get; }
}
