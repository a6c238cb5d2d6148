using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>All that the gateway looks at in the cluster; each kind is watched, never polled.</summary>
internal sealed class ClusterView(IKubernetes client, IOptions<KubernetesOptions> options, TimeProvider time, ILogger<ClusterView> log) : BackgroundService
{
    /// <summary>How long the server keeps one watch open; the next one goes on where it ended.</summary>
    private const int WatchSeconds = 290;

    private readonly string _namespace = options.Value.Namespace;

    public Informer<AppResource> Apps => field ??= new(new WatchSource<AppResource>("apps", ListAppsAsync, WatchAppsAsync), time, log);

    public Informer<V1Deployment> Deployments => field ??= new(new WatchSource<V1Deployment>("Deployments",
        async end =>
        {
            var list = await client.AppsV1.ListNamespacedDeploymentAsync(_namespace, labelSelector: AppAnnotations.Service, cancellationToken: end);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, broken, end) => client.AppsV1.WatchListNamespacedDeploymentAsync(_namespace, allowWatchBookmarks: true,
            labelSelector: AppAnnotations.Service, resourceVersion: version, timeoutSeconds: WatchSeconds, onError: broken, cancellationToken: end)), time, log);

    public Informer<V1Service> Services => field ??= new(new WatchSource<V1Service>("Services",
        async end =>
        {
            var list = await client.CoreV1.ListNamespacedServiceAsync(_namespace, labelSelector: AppAnnotations.Service, cancellationToken: end);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, broken, end) => client.CoreV1.WatchListNamespacedServiceAsync(_namespace, allowWatchBookmarks: true,
            labelSelector: AppAnnotations.Service, resourceVersion: version, timeoutSeconds: WatchSeconds, onError: broken, cancellationToken: end)), time, log);

    public Informer<V1Pod> Pods => field ??= new(new WatchSource<V1Pod>("Pods",
        async end =>
        {
            var list = await client.CoreV1.ListNamespacedPodAsync(_namespace, labelSelector: AppAnnotations.Service, cancellationToken: end);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, broken, end) => client.CoreV1.WatchListNamespacedPodAsync(_namespace, allowWatchBookmarks: true,
            labelSelector: AppAnnotations.Service, resourceVersion: version, timeoutSeconds: WatchSeconds, onError: broken, cancellationToken: end)), time, log);

    public IReadOnlyList<IWatch> All => [Apps, Deployments, Services, Pods];

    /// <summary>The pods of a hash, those that end included.</summary>
    public IEnumerable<V1Pod> PodsOf(string hash)
    {
        var name = AppAnnotations.ServiceOf(hash);
        return Pods.All.Where(pod => pod.Metadata.Labels.TryGetValue(AppAnnotations.Service, out var service) && service == name);
    }

    /// <summary>Returns when all is known: an app that is there must not be called unknown.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAll(All.Select(watch => watch.Synced)).WaitAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(All.Select(watch => Task.Run(() => watch.RunAsync(stoppingToken), CancellationToken.None)));

    private async Task<(IEnumerable<AppResource> Objects, string Version)> ListAppsAsync(CancellationToken end)
    {
        var list = (JsonElement)await client.CustomObjects.ListClusterCustomObjectAsync(
            AppResource.Group, AppResource.Version, AppResource.Plural, cancellationToken: end);
        return ([.. list.GetProperty("items").EnumerateArray().Select(AppResource.Of)], list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
    }

    private async IAsyncEnumerable<(WatchEventType Type, AppResource Object)> WatchAppsAsync(
        string version, Action<Exception> broken, [EnumeratorCancellation] CancellationToken end)
    {
        var changes = client.CustomObjects.WatchListClusterCustomObjectAsync(AppResource.Group, AppResource.Version, AppResource.Plural,
            allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: WatchSeconds, onError: broken, cancellationToken: end);
        await foreach (var (type, changed) in changes) yield return (type, AppResource.Of((JsonElement)changed));
    }
}
