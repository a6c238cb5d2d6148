using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// Tells whether the cluster refuses the pod of this start. The condition in a Deployment's status stays until the cluster has seen
/// that a pod was created, so one that was there when the start began may be an earlier start's.
/// </summary>
internal sealed class PodRefusal
{
    private V1DeploymentCondition? _earlier;

    /// <summary>A start begins; null: its Deployment does not exist yet.</summary>
    public void Begin(V1Deployment? deployment) => _earlier = ConditionOf(deployment);

    /// <summary>The condition that refuses this start's pod; null for none.</summary>
    /// <param name="deployment">As the cluster shows it now.</param>
    /// <param name="hasStayed">
    /// True if the start is so old that a condition of before it would be gone: the cluster does not renew one that still holds.
    /// </param>
    public V1DeploymentCondition? Of(V1Deployment deployment, bool hasStayed)
    {
        var condition = ConditionOf(deployment);
        if (condition is null || !IsSame(condition, _earlier)) _earlier = null;
        if (condition is null || (_earlier is not null && !hasStayed)) return null;
        // Before that, the status is of an earlier number of replicas.
        return deployment.Status.ObservedGeneration >= deployment.Metadata.Generation ? condition : null;
    }

    private static V1DeploymentCondition? ConditionOf(V1Deployment? deployment) => deployment?.Status?.Conditions?.FirstOrDefault(
        condition => condition is { Type: "ReplicaFailure", Status: "True" } and not { Reason: "FailedDelete" });

    private static bool IsSame(V1DeploymentCondition condition, V1DeploymentCondition? earlier) =>
        (condition.Message, condition.LastTransitionTime) == (earlier?.Message, earlier?.LastTransitionTime);
}
