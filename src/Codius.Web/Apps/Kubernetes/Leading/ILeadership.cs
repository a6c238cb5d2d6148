namespace Codius.Web.Apps.Kubernetes.Leading;

/// <summary>Which of the gateways does what only one may do.</summary>
internal interface ILeadership
{
    bool IsLeader { get; }

    /// <summary>This gateway began to lead, or no longer does.</summary>
    event Action? Changed;
}
