using Codius.Web.Apps.Kubernetes.Running;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>Which refusal of a pod is that of the start at hand.</summary>
public sealed class PodRefusalTests
{
    private static readonly DateTime Noon = new(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);

    private readonly PodRefusal _refusal = new();

    [Fact]
    public void One_that_comes_after_the_start_began_is_this_starts()
    {
        _refusal.Begin(Deployment());

        Assert.Null(_refusal.Of(Deployment(), hasStayed: false));
        Assert.NotNull(_refusal.Of(Deployment(Noon), hasStayed: false));
    }

    [Fact]
    public void One_of_before_counts_only_once_it_has_stayed()
    {
        _refusal.Begin(Deployment(Noon));

        Assert.Null(_refusal.Of(Deployment(Noon), hasStayed: false));
        Assert.NotNull(_refusal.Of(Deployment(Noon), hasStayed: true));
    }

    [Fact]
    public void One_that_went_and_came_again_is_this_starts_also_within_the_same_second()
    {
        _refusal.Begin(Deployment(Noon));

        Assert.NotNull(_refusal.Of(Deployment(Noon.AddSeconds(1)), hasStayed: false));

        _refusal.Begin(Deployment(Noon));
        Assert.Null(_refusal.Of(Deployment(), hasStayed: false));
        Assert.NotNull(_refusal.Of(Deployment(Noon), hasStayed: false));
    }

    [Fact]
    public void The_status_of_an_earlier_number_of_replicas_says_nothing()
    {
        _refusal.Begin(Deployment());

        Assert.Null(_refusal.Of(Deployment(Noon, observed: 1), hasStayed: true));
    }

    [Fact]
    public void A_pod_that_could_not_be_deleted_is_no_refusal()
    {
        _refusal.Begin(Deployment());

        Assert.Null(_refusal.Of(Deployment(Noon, reason: "FailedDelete"), hasStayed: true));
    }

    private static V1Deployment Deployment(DateTime? since = null, long observed = 2, string reason = "FailedCreate") => new()
    {
        Metadata = new V1ObjectMeta { Generation = 2 },
        Status = new V1DeploymentStatus
        {
            ObservedGeneration = observed,
            Conditions = since is null ? null : [new V1DeploymentCondition
            {
                Type = "ReplicaFailure", Status = "True", Reason = reason, Message = "exceeded quota", LastTransitionTime = since,
            }],
        },
    };
}
