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
        StartWait.Of([], [Evicted(message)], "80"));

    [Fact]
    public void No_place_on_any_node() => Is(FailureCause.Host, "The cluster finds no place for it: 0/1 nodes are available", Of(
        new V1PodStatus
        {
            Conditions =
                [new V1PodCondition { Type = "PodScheduled", Status = "False", Message = "0/1 nodes are available" }],
        }));

    [Fact]
    public void An_image_that_is_still_being_pulled_is_at_fault()
    {
        const string Pulling = "The container 'web' has not started: ContainerCreating. Its image may take long to pull.";
        var status = Creating();
        Is(FailureCause.Image, Pulling, Of(status));

        status.Conditions = [Condition("PodScheduled", "True"), Condition("PodReadyToStartContainers", "True")];
        status.InitContainerStatuses =
            [new V1ContainerStatus { State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 0 } } }];
        Is(FailureCause.Image, Pulling, Of(status));
    }

    [Fact]
    public void A_pod_that_the_host_has_not_prepared_is_the_hosts()
    {
        const string Waits = "The container 'web' has not started: ContainerCreating";
        var status = Creating();
        status.Conditions = [Condition("PodReadyToStartContainers", "False")];
        Is(FailureCause.Host, Waits, Of(status));

        status = Creating();
        status.InitContainerStatuses =
            [new V1ContainerStatus { State = new V1ContainerState { Running = new V1ContainerStateRunning() } }];
        Is(FailureCause.Host, Waits, Of(status));
    }

    [Fact]
    public void An_app_that_waits_to_be_restarted_after_it_crashed()
    {
        var status = Containers(
            new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff" } }, ready: false);
        status.ContainerStatuses[0].LastState =
            new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 3, Message = "no database" } };

        Is(FailureCause.App, "The container 'web' ended by itself with exit code 3 before the app was ready.", Of(status));
        Assert.Equal("no database", Of(status).Output);
    }

    [Fact]
    public void A_replacement_without_room_for_a_pod_that_used_more_than_it_may()
    {
        V1PodStatus replacement = new() { Conditions = [Condition("PodScheduled", "False")] };

        Is(FailureCause.App, "Its pod was ended: Evicted Usage exceeds the total limit of containers 1Gi.",
            Of(replacement, Evicted("Usage exceeds the total limit of containers 1Gi.")));
        Is(FailureCause.Host, "The cluster finds no place for it: ", Of(replacement, Evicted("The node was low on resource: memory.")));
    }

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

        Assert.Same(newer, StartReport.Newest([old, newer]));
    }

    private static void Is(FailureCause cause, string what, AppState.Failed wait) =>
        Assert.Equal((cause, what), (wait.Cause, wait.Reason));

    private static AppState.Failed Of(V1PodStatus status, params V1Pod[] ended) =>
        StartWait.Of([new V1Pod { Status = status }], ended, "3000");

    private static V1Pod Evicted(string message) =>
        new() { Status = new V1PodStatus { Phase = "Failed", Reason = "Evicted", Message = message } };

    private static V1PodCondition Condition(string type, string status) => new() { Type = type, Status = status };

    private static V1PodStatus Creating() =>
        Containers(new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } }, ready: false);

    private static V1PodStatus Containers(V1ContainerState state, bool ready) => new()
    {
        ContainerStatuses = [new V1ContainerStatus { Name = "web", Image = "nginx", Ready = ready, State = state }],
    };
}
