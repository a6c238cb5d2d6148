using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Running;
using k8s.Models;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>The messages for an owner whose app does not start.</summary>
public sealed class StartReportTests
{
    [Theory]
    [InlineData("ErrImagePull", "Image", "cannot be pulled: no such thing")]
    [InlineData("ImagePullBackOff", "Image", "cannot be pulled: no such thing")]
    [InlineData("InvalidImageName", "Image", "is not valid.")]
    [InlineData("CreateContainerConfigError", "Host", "cannot be started: no such thing")]
    [InlineData("RunContainerError", "App", "cannot be started: no such thing")]
    public void A_container_that_waits_for_what_never_comes(string reason, string cause, string told)
    {
        var failure = Failure(
            new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = "no such thing" } })!;

        Assert.EndsWith(told, failure.Reason, StringComparison.Ordinal);
        Assert.Equal(cause, failure.Cause.ToString());
    }

    [Fact]
    public void A_container_that_is_being_made_may_still_start() =>
        Assert.Null(Failure(new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "ContainerCreating" } }));

    [Fact]
    public void A_container_that_ended_with_its_last_lines_apart() => Assert.Equal(
        new AppState.Failed("The container 'web' ended by itself with exit code 3 before the app was ready.") { Output = "no database" },
        Failure(new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 3, Message = "no database\n" } }));

    [Fact]
    public void One_that_used_too_much_memory() =>
        Assert.Contains("memory",
            Failure(new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 137, Reason = "OOMKilled" } })?.Reason,
            StringComparison.Ordinal);

    [Fact]
    public void An_app_that_was_awake_is_restarted_a_few_times_first()
    {
        var ended = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1 } };

        Assert.Null(Failure(ended, wasAwake: true, restarts: 1));
        Assert.NotNull(Failure(ended, wasAwake: true, restarts: 3));
    }

    [Theory]
    [InlineData(null, PolicyWait.GaveUp)]
    [InlineData(PolicyWait.GaveUp, "it could reach the cluster")]
    [InlineData(PolicyWait.CannotTell, "Kubernetes:PolicyWaitImage has no nc that works")]
    public void The_policy_that_does_not_hold_or_cannot_be_told(string? message, string reason)
    {
        var pod = new V1Pod
        {
            Status = new V1PodStatus
            {
                InitContainerStatuses =
                    [new V1ContainerStatus { Name = PolicyWait.Name,
                    State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1, Message = message } } }],
            },
        };

        var failure = StartReport.FailureOf([pod], wasAwake: false)!;
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Host, failure.Cause);
    }

    [Fact]
    public void A_quota_that_is_used_up()
    {
        var failure = StartReport.Refused(new V1DeploymentCondition { Message = "pods \"x\" is forbidden: exceeded quota: apps" });

        Assert.Contains("no room", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Host, failure.Cause);
    }

    [Fact]
    public void A_pod_of_an_older_template_is_replaced()
    {
        var ended = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1 } };

        Assert.Null(StartReport.FailureOf([Of("old", 1, ended), Of("new", 2, new V1ContainerState())], wasAwake: false));
        Assert.NotNull(StartReport.FailureOf([Of("old", 1, new V1ContainerState()), Of("new", 2, ended)], wasAwake: false));

        static V1Pod Of(string template, int day, V1ContainerState state) => new()
        {
            Metadata = new V1ObjectMeta
            {
                CreationTimestamp = new DateTime(2026, 1, day),
                Labels = new Dictionary<string, string> { ["pod-template-hash"] = template },
            },
            Status = new V1PodStatus { ContainerStatuses = [new V1ContainerStatus { Name = "web", Image = "an/image", State = state }] },
        };
    }

    private static AppState.Failed? Failure(V1ContainerState state, bool wasAwake = false, int restarts = 0) =>
        StartReport.FailureOf([
        new V1Pod { Status =
            new V1PodStatus { ContainerStatuses =
            [new V1ContainerStatus { Name = "web", Image = "an/image", State = state, RestartCount = restarts }] } },
    ], wasAwake);
}
