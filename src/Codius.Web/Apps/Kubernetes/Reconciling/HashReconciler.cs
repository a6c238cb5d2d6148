using System.Collections.Concurrent;
using System.Net;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Running;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// Brings the objects of one hash to their desired state by server-side apply; it never applies the number of replicas. The objects
/// of a hash that no app refers to are deleted when no name needs them: an old version serves until the new one is awake.
/// </summary>
internal sealed class HashReconciler(
    IKubernetes client, ClusterView cluster, ResourceReader reader, AppObjects objects, AwakeRegistry awake,
    IOptions<KubernetesOptions> options, TimeProvider time)
{
    /// <summary>
    /// How long what was applied counts as verified while the watch shows it unchanged: what the watch shows changed is applied at once.
    /// </summary>
    private static readonly TimeSpan Verified = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, (string Fingerprint, long At)> _applied = new(StringComparer.Ordinal);
    private readonly string _namespace = options.Value.Namespace;

    /// <summary>False if no app refers to it but a name still needs it.</summary>
    public async Task<bool> ReconcileAsync(string hash, CancellationToken cancellation)
    {
        var named = cluster.AppsOf(hash)
            .Where(resource => resource.Metadata.DeletionTimestamp is null)
            .OrderBy(resource => resource.Metadata.Name, StringComparer.Ordinal)
            .Select(resource => (Resource: resource, reader.Read(resource).App))
            .Where(read => read.App?.Hash == hash).ToList();
        if (named.Count == 0) return await RemoveAsync(hash, cancellation);

        var app = named[0].App!;
        var owners = named.Select(read => new V1OwnerReference
        {
            ApiVersion = read.Resource.ApiVersion,
            Kind = read.Resource.Kind,
            Name = read.Resource.Metadata.Name,
            Uid = read.Resource.Metadata.Uid,
        });
        await ApplyAsync(new HashedApp(hash, app.Spec, app.SecretData, [.. owners]), cancellation);
        return true;
    }

    /// <summary>All hashes that have objects in the cluster.</summary>
    public IEnumerable<string> ExistingHashes() => cluster.Deployments.All.Select(deployment => deployment.Metadata)
        .Concat(cluster.Services.All.Select(service => service.Metadata))
        .Concat(cluster.Secrets.All.Select(secret => secret.Metadata))
        .Select(AppObjects.HashOf).OfType<string>().Distinct();

    /// <summary>The next pass applies everything again, drifted or not.</summary>
    public void Forget() => _applied.Clear();

    /// <summary>The next pass applies it again if it was not applied for a day.</summary>
    public void ForgetIfOld(string hash)
    {
        if (_applied.TryGetValue(hash, out var applied) && time.GetElapsedTime(applied.At) >= Verified) _applied.TryRemove(hash, out _);
    }

    private async Task ApplyAsync(HashedApp app, CancellationToken cancellation)
    {
        var (name, service, secret) = (app.ObjectName, objects.Service(app), objects.Secret(app));
        if (_applied.TryGetValue(app.Hash, out var applied) && applied.Fingerprint == Seen(app, secret is not null)) return;

        var secretNow = secret is null ? null : await ReplacedIfImmutableAsync(
            () => client.CoreV1.PatchNamespacedSecretAsync(Apply(secret), name, _namespace, fieldManager: AppObjects.Manager, force: true,
                cancellationToken: cancellation),
            () => client.CoreV1.DeleteNamespacedSecretAsync(name, _namespace, cancellationToken: cancellation));
        var serviceNow = await ReplacedIfImmutableAsync(
            () => client.CoreV1.PatchNamespacedServiceAsync(Apply(service), name, _namespace, fieldManager: AppObjects.Manager, force: true,
                cancellationToken: cancellation),
            () => client.CoreV1.DeleteNamespacedServiceAsync(name, _namespace, cancellationToken: cancellation));
        cluster.Deployments.TryFind(name, out var there);
        var deploymentNow = await ReplacedIfImmutableAsync(
            () => ApplyAsync(app, there, cancellation),
            () =>
            {
                there = null;
                return client.AppsV1.DeleteNamespacedDeploymentAsync(
                    name, _namespace, propagationPolicy: "Background", cancellationToken: cancellation);
            });
        // As the server returned it, and the watch will show it. What the watch shows now may be older, or a deletion just after: any
        // difference is drift.
        _applied[app.Hash] = (Fingerprint(app, deploymentNow, serviceNow, secretNow), time.GetTimestamp());
    }

    /// <summary>Applies the Deployment, made asleep first if there is none.</summary>
    private async Task<V1Deployment> ApplyAsync(HashedApp app, V1Deployment? there, CancellationToken cancellation)
    {
        await TakeOverAsync(there ?? await CreateAsleepAsync(app, cancellation), cancellation);
        return await client.AppsV1.PatchNamespacedDeploymentAsync(Apply(objects.Deployment(app)), app.ObjectName, _namespace,
            fieldManager: AppObjects.Manager, force: true, cancellationToken: cancellation);
    }

    private async Task<V1Deployment> CreateAsleepAsync(HashedApp app, CancellationToken cancellation)
    {
        var deployment = objects.Deployment(app);
        deployment.Spec.Replicas = 0;
        try
        {
            return await client.AppsV1.CreateNamespacedDeploymentAsync(deployment, _namespace, fieldManager: FieldTakeover.Creator,
                cancellationToken: cancellation);
        }
        catch (HttpOperationException there) when (there.Response?.StatusCode == HttpStatusCode.Conflict)
        {
            // It exists already: the watch is a little behind.
            return await ReadAsync(app.ObjectName, cancellation);
        }
    }

    /// <summary>Once for each Deployment, those of an earlier gateway included.</summary>
    private async Task TakeOverAsync(V1Deployment deployment, CancellationToken cancellation)
    {
        while (FieldTakeover.PatchOf(deployment) is { } patch)
        {
            try
            {
                await client.AppsV1.PatchNamespacedDeploymentAsync(patch, deployment.Metadata.Name, _namespace,
                    fieldManager: AppObjects.Manager, cancellationToken: cancellation);
                return;
            }
            catch (HttpOperationException changed) when (changed.Response?.StatusCode == HttpStatusCode.Conflict)
            {
                // The cluster's controllers write to it too, most of all when it is new.
                deployment = await ReadAsync(deployment.Metadata.Name, cancellation);
            }
        }
    }

    private Task<V1Deployment> ReadAsync(string name, CancellationToken cancellation) =>
        client.AppsV1.ReadNamespacedDeploymentAsync(name, _namespace, cancellationToken: cancellation);

    /// <summary>
    /// Applies an object; if what would change cannot be changed, such as the content of a Secret that another client put in its place,
    /// the object is deleted and made anew.
    /// </summary>
    private static async Task<T> ReplacedIfImmutableAsync<T>(Func<Task<T>> apply, Func<Task> delete)
    {
        try
        {
            return await apply();
        }
        catch (HttpOperationException refused) when (IsImmutable(refused))
        {
            await IgnoreMissingAsync(delete());
            return await apply();
        }
    }

    // The server has no other sign of it. Any other 422 is a fault of the settings: an object that runs is not deleted for it.
    private static bool IsImmutable(HttpOperationException refused) =>
        refused.Response is { StatusCode: HttpStatusCode.UnprocessableEntity, Content: { } content }
            && content.Contains("immutable", StringComparison.Ordinal);

    private async Task<bool> RemoveAsync(string hash, CancellationToken cancellation)
    {
        if ((await awake.ReadHashesAsync()).Contains(hash)) return false;
        _applied.TryRemove(hash, out _);
        var name = AppAnnotations.ServiceOf(hash);
        await IgnoreMissingAsync(client.AppsV1.DeleteNamespacedDeploymentAsync(
            name, _namespace, propagationPolicy: "Background", cancellationToken: cancellation));
        await IgnoreMissingAsync(client.CoreV1.DeleteNamespacedServiceAsync(name, _namespace, cancellationToken: cancellation));
        await IgnoreMissingAsync(client.CoreV1.DeleteNamespacedSecretAsync(name, _namespace, cancellationToken: cancellation));
        return true;
    }

    private string Seen(HashedApp app, bool hasSecret)
    {
        cluster.Deployments.TryFind(app.ObjectName, out var deployment);
        cluster.Services.TryFind(app.ObjectName, out var service);
        V1Secret? secret = null;
        if (hasSecret) cluster.Secrets.TryFind(app.ObjectName, out secret);
        return Fingerprint(app, deployment, service, secret);
    }

    /// <summary>Equal to the last one applied: nothing to do.</summary>
    private static string Fingerprint(HashedApp app, V1Deployment? deployment, V1Service? service, V1Secret? secret)
    {
        var runs = deployment is null ? "none" : Shape(deployment.Metadata, KubernetesJson.Serialize(deployment.Spec.Template));
        var answers = service is null ? "none" : Shape(service.Metadata, KubernetesJson.Serialize(service.Spec));
        // The watch does not keep its content; each change of it has a resource version.
        var keeps = secret is null ? "none" : $"{secret.Metadata.Uid} {secret.Metadata.ResourceVersion}";
        return $"{string.Join(',', app.Owners.Select(owner => owner.Uid))} {runs} {answers} {keeps}";
    }

    // Either may have been removed by another client.
    private static string Shape(V1ObjectMeta metadata, string spec) => string.Join(' ',
        KubernetesJson.Serialize(metadata.Labels ?? new Dictionary<string, string>()),
        KubernetesJson.Serialize(metadata.OwnerReferences ?? []),
        spec);

    private static V1Patch Apply(object wanted) => new(wanted, V1Patch.PatchType.ApplyPatch);

    private static async Task IgnoreMissingAsync(Task deletion)
    {
        try
        {
            await deletion;
        }
        catch (HttpOperationException missing) when (missing.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            // Deleted already.
        }
        catch (System.Text.Json.JsonException)
        {
            // Older API servers answer the deletion of a Service with a Status instead of the Service: it is done all the same.
        }
    }
}
