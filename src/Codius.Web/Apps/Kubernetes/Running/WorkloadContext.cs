using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>The dependencies that the runner and its workloads share.</summary>
internal sealed class WorkloadContext(
    IKubernetes client, IOptions<KubernetesOptions> options, IOptions<AppOptions> apps, StartHistory history, Supervisor supervisor,
    TimeProvider time)
{
    private const int Lines = 10;
    private const int MostBytes = 4096;

    /// <summary>The runner's lock.</summary>
    public Lock Lock { get; } = new();

    public StartHistory History => history;

    public TimeProvider Time => time;

    /// <summary>The events about changes of apps and of their pods.</summary>
    public SupervisedWork Changes { get; } = supervisor.Work("changes of running apps");

    /// <summary>One step of a start: scaling up, connecting, the time-out.</summary>
    public SupervisedWork Start() => supervisor.Work("starts of apps");

    public int MaxAwakePerOwner => apps.Value.MaxAwakePerOwner;

    public TimeSpan StartTimeout => options.Value.StartTimeout;

    /// <summary>The last lines of a pod's log; null if there are none, or they cannot be read.</summary>
    public async Task<string?> LastLinesAsync(V1Pod? pod, CancellationToken cancellation)
    {
        if (pod is null) return null;
        try
        {
            await using var log = await client.CoreV1.ReadNamespacedPodLogAsync(
                pod.Metadata.Name, pod.Metadata.NamespaceProperty, container: pod.Spec.Containers[0].Name, tailLines: Lines,
                limitBytes: MostBytes, cancellationToken: cancellation);
            using var reader = new StreamReader(log);
            return (await reader.ReadToEndAsync(cancellation)).Trim() is { Length: > 0 } lines ? lines : null;
        }
        catch (Exception none) when (none is HttpOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }
}
