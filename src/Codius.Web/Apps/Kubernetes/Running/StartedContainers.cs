using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// Whether an app's own containers ran in a start that failed: an app must not run for free by failing in a way that looks like the
/// host's, such as beside a container whose image does not exist, or by an eviction that it causes.
/// </summary>
internal static class StartedContainers
{
    public static bool In(IEnumerable<V1Pod> pods) => pods.Any(pod => pod.Status?.ContainerStatuses?.Any(status =>
        status is { State.Running: not null } or { State.Terminated: not null } or { LastState.Terminated: not null }) == true);
}
