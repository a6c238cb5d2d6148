using Codius.Web.Apps.Kubernetes.Running;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes.Running;

/// <summary>Which pods count for a start, and whether the app ran in it.</summary>
public sealed class StartPodsTests
{
    private readonly StartPods _pods = new();

    [Fact]
    public void A_start_has_run_also_after_its_pod_is_gone_until_the_next_one_begins()
    {
        _pods.Begin([], wasAwake: false);
        Assert.False(_pods.HaveRun);

        _pods.See([Running("one")]);
        _pods.See([]);
        Assert.True(_pods.HaveRun);

        _pods.Begin([], wasAwake: false);
        Assert.False(_pods.HaveRun);
    }

    [Fact]
    public void A_pod_that_is_being_deleted_ran_unless_it_is_an_earlier_starts()
    {
        var deleted = Running("one");
        deleted.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        _pods.Begin([deleted], wasAwake: false);
        _pods.See([deleted]);
        Assert.False(_pods.HaveRun);

        _pods.Begin([], wasAwake: false);
        _pods.See([deleted]);
        Assert.True(_pods.HaveRun);
    }

    [Fact]
    public void A_pod_that_ended_while_the_app_was_awake_is_of_its_wake_but_not_of_its_restart()
    {
        V1Pod[] pods = [Running("earlier"), Running("one")];
        _pods.Begin(pods[..1], wasAwake: false);

        _pods.Begin(pods, wasAwake: true);
        _pods.See(pods);

        Assert.False(_pods.HaveRun);
        Assert.Equal(["one"], _pods.OfThisWake(pods).Select(pod => pod.Metadata.Uid));
    }

    private static V1Pod Running(string uid) => new()
    {
        Metadata = new V1ObjectMeta { Uid = uid },
        Status = new V1PodStatus
        {
            ContainerStatuses = [new V1ContainerStatus { State = new V1ContainerState { Running = new V1ContainerStateRunning() } }],
        },
    };
}
