namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>How a watch is, whatever it watches.</summary>
internal interface IWatch
{
    string Kind { get; }

    /// <summary>How many objects are known.</summary>
    int Count { get; }

    /// <summary>Completes when all objects were listed for the first time.</summary>
    Task Synced { get; }

    /// <summary>What keeps it from being up to date; null if it is.</summary>
    string? Trouble { get; }

    /// <summary>The last trouble, also if it is over.</summary>
    string? LastTrouble { get; }

    Task RunAsync(CancellationToken end);
}
