using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Running;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>What a start waits for, and who can mend it.</summary>
public sealed class StartWaitTests
{
    [Fact]
    public void A_pod_that_is_not_made() =>
        Is(FailureCause.Host, "The cluster has made no pod for it.", StartWait.Of([], [], "80"));

    [Theory]
    [InlineData("The node was low on resource: memory.", "Host")]
    [InlineData("Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.", "App")]
    public void A_pod_that_was_evicted_and_not_replaced(string message, string cause) => Is(Enum.Parse<FailureCause>(cause),
        "Its pod was ended and not replaced: Evicted " + message,
        StartWait.Of([], [new V1Pod { Status = new V1PodStatus { Phase = "Failed", Reason = "Evicted", Message = message } }], "80"));

    [Fact]
    public void No_place_on_any_node() => Is(FailureCause.Host, "The cluster finds no place for it: 0/1 nodes are available", Of(
        new V1PodStatus
        {
            Conditions =
                [new V1PodCondition { Type = "PodScheduled", Status = "False", Message = "0/1 nodes are available" }],
        }));

    [Fact]
    public void A_container_that_is_not_made_yet() => Is(FailureCause.Host, "The container 'web' has not started: ContainerCreating",
        Of(Containers(new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } }, ready: false)));

    [Fact]
    public void A_readiness_probe() => Is(FailureCause.App, "The container 'web' runs, but its readiness probe does not succeed.",
        Of(Containers(new V1ContainerState { Running = new V1ContainerStateRunning() }, ready: false)));

    [Fact]
    public void An_app_that_does_not_listen_on_its_port() => Is(FailureCause.App,
        "It runs, but does not accept connections on port 3000. It must listen there on all addresses (0.0.0.0).",
        Of(Containers(new V1ContainerState { Running = new V1ContainerStateRunning() }, ready: true)));

    [Fact]
    public void The_newest_pod_is_the_one_that_counts()
    {
        var old = new V1Pod { Metadata = new V1ObjectMeta { CreationTimestamp = new DateTime(2026, 1, 1) }, Status = new V1PodStatus() };
        var newer = new V1Pod { Metadata = new V1ObjectMeta { CreationTimestamp = new DateTime(2026, 1, 2) } };

        Assert.Same(newer, StartWait.Newest([old, newer]));
    }

    private static void Is(FailureCause cause, string what, AppState.Failed wait) =>
        Assert.Equal((cause, what), (wait.Cause, wait.Reason));

    private static AppState.Failed Of(V1PodStatus status) => StartWait.Of([new V1Pod { Status = status }], [], "3000");

    private static V1PodStatus Containers(V1ContainerState state, bool ready) => new()
    {
        ContainerStatuses = [new V1ContainerStatus { Name = "web", Image = "nginx", Ready = ready, State = state }],
    };
}
