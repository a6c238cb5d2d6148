using System.Diagnostics;
using k8s;
using k8s.Models;

namespace ClusterLoad;

/// <summary>
/// A copy of an app's Deployment that no gateway manages: scaled up as <c>kubectl scale</c> does, and watched.
/// </summary>
internal sealed class BareDeployment(IKubernetes cluster, Uri address)
{
    private const string Name = "bare";

    /// <summary>Copies the Deployment that the gateway made, with a Service.</summary>
    public static async Task<BareDeployment> CopyAsync(IKubernetes cluster, string original)
    {
        var labels = new Dictionary<string, string> { ["app"] = Name };
        var deployment = await cluster.AppsV1.ReadNamespacedDeploymentAsync(original, RunningHost.Namespace);
        var template = deployment.Spec.Template;
        template.Metadata = new V1ObjectMeta { Labels = labels };
        await cluster.AppsV1.CreateNamespacedDeploymentAsync(new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = Name },
            Spec = new V1DeploymentSpec
            {
                Replicas = 0,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = template,
                Strategy = deployment.Spec.Strategy
            },
        }, RunningHost.Namespace);
        var service = await cluster.CoreV1.CreateNamespacedServiceAsync(new V1Service
        {
            Metadata = new V1ObjectMeta { Name = Name },
            Spec = new V1ServiceSpec { Selector = labels, Ports = [new V1ServicePort { Port = 80, TargetPort = 80 }] },
        }, RunningHost.Namespace);
        return new BareDeployment(cluster, new Uri($"http://{service.Spec.ClusterIP}/etc/passwd"));
    }

    /// <summary>Milliseconds from the call that scales it up until its pod is available, and until it answers at its Service.</summary>
    public async Task<(double Available, double Answered)> UpAsync()
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var seen = await cluster.AppsV1.ListNamespacedDeploymentAsync(
            RunningHost.Namespace, fieldSelector: $"metadata.name={Name}", cancellationToken: end.Token);
        var changes = cluster.AppsV1.WatchListNamespacedDeploymentAsync(
            RunningHost.Namespace, fieldSelector: $"metadata.name={Name}",
            resourceVersion: seen.Metadata.ResourceVersion, cancellationToken: end.Token);
        var available = AvailableAsync(changes);
        var start = Stopwatch.GetTimestamp();
        await ScaleAsync(1);
        var availableAt = await available;
        while (true)
        {
            // A new connection for each try: kube-proxy has the pod a moment after it is available, and packets may get lost until then.
            using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(250) };
            try
            {
                using var answer = await http.GetAsync(address, end.Token);
                answer.EnsureSuccessStatusCode();
                return (Stopwatch.GetElapsedTime(start, availableAt).TotalMilliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            catch (Exception early) when (early is HttpRequestException or TaskCanceledException && !end.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, end.Token);
            }
        }
    }

    public async Task DownAsync()
    {
        await ScaleAsync(0);
        await Wait.UntilAsync(async () =>
            (await cluster.CoreV1.ListNamespacedPodAsync(RunningHost.Namespace, labelSelector: $"app={Name}")).Items.Count == 0);
    }

    private Task<V1Scale> ScaleAsync(int replicas) =>
        cluster.AppsV1.PatchNamespacedDeploymentScaleAsync(
            new V1Patch(new { spec = new { replicas } }, V1Patch.PatchType.MergePatch), Name, RunningHost.Namespace);

    private static async Task<long> AvailableAsync(IAsyncEnumerable<(WatchEventType Type, V1Deployment Deployment)> changes)
    {
        await foreach (var (_, deployment) in changes)
        {
            if (deployment is { Spec.Replicas: 1, Status.AvailableReplicas: 1 }) return Stopwatch.GetTimestamp();
        }
        throw new IOException("The watch ended.");
    }
}
