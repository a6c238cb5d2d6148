using System.Runtime.CompilerServices;
using System.Text.Json;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>The gateway's view of the cluster; each kind of object is watched, never polled.</summary>
internal sealed class ClusterView : SupervisedService
{
    /// <summary>The gateway's own Secrets only: it must not read others of the namespace, such as the passwords of registries.</summary>
    private const string OwnSecrets = $"{AppAnnotations.Service},{AppObjects.ManagedBy}={AppObjects.Manager}";

    private const string ScaledUp = "scaled up";

    private readonly IKubernetes _client;
    private readonly ObjectIndex<AppResource> _appsByHash;
    private readonly ObjectIndex<V1Pod> _podsByService;
    private readonly ObjectIndex<V1Deployment> _scaledUp;

    public ClusterView(
        IKubernetes client, IOptions<KubernetesOptions> options, Supervisor supervisor, TimeProvider time, ILogger<ClusterView> log)
        : base(supervisor.Work("cluster view"))
    {
        _client = client;
        var (apps, core, where) = (client.AppsV1, client.CoreV1, options.Value.Namespace);
        Apps = new(new WatchSource<AppResource>("apps", ListAppsAsync, WatchAppsAsync), supervisor, time, log);
        Deployments = new(new WatchSource<V1Deployment>("Deployments",
            async end => WatchSource.Listed(
                await apps.ListNamespacedDeploymentAsync(where, labelSelector: AppAnnotations.Service, cancellationToken: end)),
            (version, end) => apps.WatchListNamespacedDeploymentAsync(
                where, allowWatchBookmarks: true, labelSelector: AppAnnotations.Service,
                resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError, cancellationToken: end)),
            supervisor, time, log);
        Services = new(new WatchSource<V1Service>("Services",
            async end => WatchSource.Listed(
                await core.ListNamespacedServiceAsync(where, labelSelector: AppAnnotations.Service, cancellationToken: end)),
            (version, end) => core.WatchListNamespacedServiceAsync(where, allowWatchBookmarks: true, labelSelector: AppAnnotations.Service,
                resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError, cancellationToken: end)),
            supervisor, time, log);
        Pods = new(new WatchSource<V1Pod>("Pods",
            async end => WatchSource.Listed(
                await core.ListNamespacedPodAsync(where, labelSelector: AppAnnotations.Service, cancellationToken: end)),
            (version, end) => core.WatchListNamespacedPodAsync(where, allowWatchBookmarks: true, labelSelector: AppAnnotations.Service,
                resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError, cancellationToken: end)),
            supervisor, time, log);
        Secrets = new(new WatchSource<V1Secret>("Secrets",
            async end =>
            {
                var (secrets, version) =
                    WatchSource.Listed(await core.ListNamespacedSecretAsync(where, labelSelector: OwnSecrets, cancellationToken: end));
                return (secrets.Select(WithoutText).ToList(), version);
            },
            (version, end) => WatchSecretsAsync(where, version, end)), supervisor, time, log);
        All = [Apps, Deployments, Services, Secrets, Pods];
        _appsByHash = new(Apps, static app => app.Hash);
        _podsByService = new(Pods, static pod => AppObjects.ServiceLabelOf(pod.Metadata));
        _scaledUp = new(Deployments, static deployment => deployment.Spec?.Replicas == 0 ? null : ScaledUp);
    }

    public Informer<AppResource> Apps { get; }

    public Informer<V1Deployment> Deployments { get; }

    public Informer<V1Service> Services { get; }

    /// <summary>Their metadata only, not their content.</summary>
    public Informer<V1Secret> Secrets { get; }

    public Informer<V1Pod> Pods { get; }

    public IReadOnlyList<IWatch> All { get; }

    /// <summary>The Deployments that have, or should have, pods: few of all.</summary>
    public IEnumerable<V1Deployment> DeploymentsScaledUp => _scaledUp.Find(ScaledUp);

    /// <summary>The pods of a hash that run or may still run, terminating ones included.</summary>
    public IEnumerable<V1Pod> PodsOf(string hash) => AllPodsOf(hash).Where(pod => !HasEnded(pod));

    public IEnumerable<V1Pod> EndedPodsOf(string hash) => AllPodsOf(hash).Where(HasEnded);

    /// <summary>All pods of a hash, those that have ended included.</summary>
    public IEnumerable<V1Pod> AllPodsOf(string hash) =>
        _podsByService.Find(AppAnnotations.ServiceOf(hash)).Where(pod => AppObjects.IsOf(hash, pod.Metadata));

    /// <summary>The apps whose annotation says this hash; the reader verifies it.</summary>
    public IEnumerable<AppResource> AppsOf(string hash) => _appsByHash.Find(hash);

    /// <summary>
    /// True if the host ended it (evicted, preempted, refused by the node): the cluster replaces it, and lists it for hours. Containers
    /// that end are restarted in their pod, so an app cannot end its pod.
    /// </summary>
    public static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";

    /// <summary>Returns when all objects are listed: a visit to an app that exists must not get 404.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAll(All.Select(watch => watch.Synced)).WaitAsync(cancellationToken);
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(All.Select(watch => Task.Run(() => Work.RunAsync(watch.RunAsync, stoppingToken), CancellationToken.None)));

    private async IAsyncEnumerable<(WatchEventType Type, V1Secret Object)> WatchSecretsAsync(
        string where, string version, [EnumeratorCancellation] CancellationToken end)
    {
        var changes = _client.CoreV1.WatchListNamespacedSecretAsync(where, allowWatchBookmarks: true, labelSelector: OwnSecrets,
            resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError, cancellationToken: end);
        await foreach (var (type, changed) in changes) yield return (type, WithoutText(changed));
    }

    private static V1Secret WithoutText(V1Secret secret) => new() { Metadata = secret.Metadata };

    private async Task<(IEnumerable<AppResource> Objects, string Version)> ListAppsAsync(CancellationToken end)
    {
        var list = (JsonElement)await _client.CustomObjects.ListClusterCustomObjectAsync(
            AppResource.Group, AppResource.Version, AppResource.Plural, cancellationToken: end);
        return ([.. list.GetProperty("items").EnumerateArray().Select(Read).OfType<AppResource>()],
            list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
    }

    private async IAsyncEnumerable<(WatchEventType Type, AppResource Object)> WatchAppsAsync(
        string version, [EnumeratorCancellation] CancellationToken end)
    {
        var changes = _client.CustomObjects.WatchListClusterCustomObjectAsync(AppResource.Group, AppResource.Version, AppResource.Plural,
            allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: WatchSource.Seconds, onError: WatchSource.EndOnError,
            cancellationToken: end);
        await foreach (var (type, changed) in changes)
        {
            if (Read((JsonElement)changed) is { } app) yield return (type, app);
        }
    }

    /// <summary>Null for one whose metadata cannot be read: it is reported, and hides none of the others.</summary>
    private AppResource? Read(JsonElement json)
    {
        try
        {
            return AppResource.Of(json) is { Metadata: not null } app ? app : throw new JsonException("It has no metadata.");
        }
        catch (Exception unreadable)
        {
            Work.Failed(new JsonException($"A custom resource cannot be read: {unreadable.Message}", unreadable));
            return null;
        }
    }
}
