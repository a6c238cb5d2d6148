using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>Derives from pods what a start that takes long is waiting for; once its time is up, that is why it failed.</summary>
internal static class StartWait
{
    /// <summary>What it waits for, as a sentence, and who can mend it.</summary>
    /// <param name="pods">The pods that may still run.</param>
    /// <param name="ended">Those that the host ended.</param>
    /// <param name="port">The port that visits connect to.</param>
    public static AppState.Failed Of(IReadOnlyCollection<V1Pod> pods, IEnumerable<V1Pod> ended, string port) =>
        StartReport.Newest(pods) is { } pod ? UnlessItsOwn(Of(pod, port), ended) : WithoutPod(StartReport.Newest(ended));

    /// <summary>
    /// The failure, unless it is the host's and the app had a pod ended by what it used: its replacement may well wait for room then, and
    /// the app could run for free by it.
    /// </summary>
    public static AppState.Failed UnlessItsOwn(AppState.Failed failure, IEnumerable<V1Pod> ended) =>
        failure.Cause == FailureCause.Host && StartReport.Newest(ended.Where(IsOverItsLimits)) is { } own
            ? new AppState.Failed($"Its pod was ended: {Why(own)}") : failure;

    private static AppState.Failed Of(V1Pod pod, string port)
    {
        if (pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } unscheduled)
            return StartReport.Host($"The cluster finds no place for it: {unscheduled.Message}");
        if (pod.Status?.ContainerStatuses is not { Count: > 0 } containers) return StartReport.Host("Its pod has not started.");
        if (containers.FirstOrDefault(status => status.State?.Running is null && StartReport.Ended(status) is not null) is { } crashed)
            return StartReport.Explain(crashed.Name, StartReport.Ended(crashed)!);
        if (containers.FirstOrDefault(status => status.State?.Running is null) is { } waiting)
        {
            var what = $"The container '{waiting.Name}' has not started: "
                + $"{waiting.State?.Waiting?.Reason} {waiting.State?.Waiting?.Message}".Trim();
            return IsPrepared(pod)
                ? new AppState.Failed($"{what}. Its image may take long to pull.") { Cause = FailureCause.Image } : StartReport.Host(what);
        }
        return new AppState.Failed(containers.FirstOrDefault(status => !status.Ready) is { } unready
            ? $"The container '{unready.Name}' runs, but its readiness probe does not succeed."
            : $"It runs, but does not accept connections on port {port}. It must listen there on all addresses (0.0.0.0).");
    }

    /// <summary>The failure of a start whose time is up.</summary>
    public static AppState.Failed TimedOut(AppState.Failed wait, TimeSpan timeout) =>
        wait with { Reason = $"The app did not start within {timeout.TotalSeconds:0} seconds. {wait.Reason}" };

    private static AppState.Failed WithoutPod(V1Pod? ended)
    {
        if (ended is null) return StartReport.Host("The cluster has made no pod for it.");
        var why = $"Its pod was ended and not replaced: {Why(ended)}";
        return IsOverItsLimits(ended) ? new AppState.Failed(why) : StartReport.Host(why);
    }

    private static string Why(V1Pod ended) => $"{ended.Status.Reason} {ended.Status.Message}".TrimEnd();

    // "exceeds the total limit of containers", "exceeded its local ephemeral storage limit": the app wrote more than it may.
    private static bool IsOverItsLimits(V1Pod ended) => ended.Status.Message?.Contains("limit", StringComparison.Ordinal) == true;

    /// <summary>True once all that the host does for a pod is done, and only the images of its containers are left.</summary>
    private static bool IsPrepared(V1Pod pod) =>
        pod.Status.Conditions?.Any(condition => condition is { Type: "PodReadyToStartContainers", Status: "False" }) != true
        && pod.Status.InitContainerStatuses?.Any(status => status is not { State.Terminated.ExitCode: 0 }) != true;
}
