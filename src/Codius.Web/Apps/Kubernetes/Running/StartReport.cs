using Codius.Web.Apps.Kubernetes.Objects;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>Derives from the pods of a start why it fails, who can mend it, and the app's last lines.</summary>
internal static class StartReport
{
    /// <summary>How often the cluster restarts an app that was awake before its start counts as failed.</summary>
    private const int RestartsAfterFirstReady = 3;

    /// <summary>Why it cannot start; null while it still may.</summary>
    public static AppState.Failed? FailureOf(IReadOnlyCollection<V1Pod> pods, bool wasAwake)
    {
        foreach (var pod in OfNewestTemplate(pods))
        {
            if (InitFailure(pod) is { } init) return init;
            foreach (var status in pod.Status?.ContainerStatuses ?? [])
            {
                if (FailureOf(status, wasAwake) is { } failure) return failure;
            }
        }
        return null;
    }

    /// <summary>A pod that the cluster refuses to create.</summary>
    public static AppState.Failed Refused(V1DeploymentCondition refusal) =>
        Host(refusal.Message?.Contains("exceeded quota", StringComparison.Ordinal) == true
            ? $"The host has no room for another app now: {refusal.Message}"
            : $"The cluster refuses the app's pod: {refusal.Message}");

    private static AppState.Failed? InitFailure(V1Pod pod)
    {
        foreach (var status in pod.Status?.InitContainerStatuses ?? [])
        {
            if (Waiting(status) is { } waiting) return waiting;
            if (Ended(status) is not { ExitCode: not 0 } ended) continue;
            return status.Name == PolicyWait.Name
                ? Host($"The app was not started, since {PolicyFault(ended)}. The host's owner must mend that.")
                : Explain(status.Name, ended);
        }
        return null;
    }

    private static string PolicyFault(V1ContainerStateTerminated ended) =>
        ended.Message?.Contains(PolicyWait.CannotTell, StringComparison.Ordinal) == true
            ? $"{PolicyWait.CannotTell}: the image of Kubernetes:PolicyWaitImage has no nc that works"
            : $"{PolicyWait.GaveUp}: it could reach the cluster";

    private static AppState.Failed? FailureOf(V1ContainerStatus status, bool wasAwake)
    {
        if (Waiting(status) is { } waiting) return waiting;
        if (Ended(status) is not { } ended) return null;
        if (wasAwake && status.RestartCount < RestartsAfterFirstReady) return null;
        return status.Ready ? null : Explain(status.Name, ended);
    }

    private static AppState.Failed? Waiting(V1ContainerStatus status) => status.State?.Waiting?.Reason switch
    {
        "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull" or "RegistryUnavailable" =>
            new($"The image '{status.Image}' cannot be pulled: {status.State.Waiting.Message}") { Cause = FailureCause.Image },
        "InvalidImageName" => new($"The image name '{status.Image}' is not valid.") { Cause = FailureCause.Image },
        // Its configuration is the gateway's own: a Secret that is not there.
        "CreateContainerConfigError" => Host($"The container '{status.Name}' cannot be started: {status.State.Waiting.Message}"),
        "CreateContainerError" or "RunContainerError" =>
            new($"The container '{status.Name}' cannot be started: {status.State.Waiting.Message}"),
        _ => null,
    };

    public static V1ContainerStateTerminated? Ended(V1ContainerStatus status) => status.State?.Terminated ?? status.LastState?.Terminated;

    public static AppState.Failed Explain(string container, V1ContainerStateTerminated ended)
    {
        var how = ended.Reason == "OOMKilled" ? "used more memory than it may and was ended"
            : $"ended by itself with exit code {ended.ExitCode}";
        return new AppState.Failed($"The container '{container}' {how} before the app was ready.")
        {
            Output = string.IsNullOrWhiteSpace(ended.Message) ? null : ended.Message.Trim(),
        };
    }

    public static AppState.Failed Host(string reason) => new(reason) { Cause = FailureCause.Host };

    public static V1Pod? Newest(IEnumerable<V1Pod> pods) => pods.MaxBy(pod => pod.Metadata?.CreationTimestamp ?? DateTime.MinValue);

    /// <summary>Without the pods of an older template, such as one of other settings: the cluster replaces them.</summary>
    private static IEnumerable<V1Pod> OfNewestTemplate(IReadOnlyCollection<V1Pod> pods)
    {
        var newest = TemplateOf(Newest(pods));
        return pods.Where(pod => TemplateOf(pod) == newest);
    }

    private static string? TemplateOf(V1Pod? pod) =>
        pod?.Metadata?.Labels?.TryGetValue("pod-template-hash", out var hash) == true ? hash : null;
}
