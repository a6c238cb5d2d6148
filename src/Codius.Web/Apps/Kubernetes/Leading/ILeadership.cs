namespace Codius.Web.Apps.Kubernetes.Leading;

/// <summary>Whether this gateway is the one that does the work only one gateway may do.</summary>
internal interface ILeadership
{
    bool IsLeader { get; }

    /// <summary>This gateway became leader, or no longer is.</summary>
    event Action? Changed;
}
