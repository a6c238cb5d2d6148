using Codius.Web.Apps.Kubernetes.Running;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>Which failed starts have used the host's processors: those are not given back whole.</summary>
public sealed class StartedContainersTests
{
    private static readonly V1ContainerState Waiting = new() { Waiting = new V1ContainerStateWaiting { Reason = "ErrImagePull" } };
    private static readonly V1ContainerState Running = new() { Running = new V1ContainerStateRunning() };
    private static readonly V1ContainerState Ended = new() { Terminated = new V1ContainerStateTerminated { ExitCode = 1 } };

    [Fact]
    public void A_pod_whose_image_cannot_be_pulled_ran_nothing_and_no_pod_did_not_either()
    {
        Assert.False(StartedContainers.In([]));
        Assert.False(StartedContainers.In([new V1Pod { Metadata = new V1ObjectMeta() }, Pod(new V1ContainerStatus { State = Waiting })]));
    }

    [Fact]
    public void A_container_that_runs_or_ended_or_ended_before_its_restart_ran()
    {
        Assert.True(StartedContainers.In([Pod(new V1ContainerStatus { State = Waiting }, new V1ContainerStatus { State = Running })]));
        Assert.True(StartedContainers.In([Pod(new V1ContainerStatus { State = Ended })]));
        Assert.True(StartedContainers.In([Pod(new V1ContainerStatus { State = Waiting, LastState = Ended })]));
    }

    private static V1Pod Pod(params V1ContainerStatus[] containers) =>
        new() { Metadata = new V1ObjectMeta(), Status = new V1PodStatus { ContainerStatuses = containers } };
}
