namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>The health of a watch, whatever kind of object it watches.</summary>
internal interface IWatch
{
    string Kind { get; }

    /// <summary>The number of objects known.</summary>
    int Count { get; }

    /// <summary>Completes when all objects were listed for the first time.</summary>
    Task Synced { get; }

    /// <summary>Why it is not up to date; null if it is.</summary>
    string? Trouble { get; }

    /// <summary>The last trouble, also if it is over.</summary>
    string? LastTrouble { get; }

    Task RunAsync(CancellationToken end);
}
