using System.Text;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>
/// Builds the objects that run a hash: a Deployment, a Service and, if it refers to secrets, a Secret. A pure function of the app
/// and the settings, so that the reconciler repairs any drift by applying them again.
/// </summary>
internal sealed class AppObjects(IOptions<KubernetesOptions> options)
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Manager = "codius-gateway";

    private readonly PodTemplate _pods = new(options.Value);

    private string Namespace => options.Value.Namespace;

    /// <summary>
    /// Without a number of replicas, which the scaler owns: it is created with 0 (by create, not by apply) and changed by its scale
    /// subresource alone, so applying this again never wakes or ends an app.
    /// </summary>
    public V1Deployment Deployment(HashedApp app) => new()
    {
        ApiVersion = "apps/v1",
        Kind = V1Deployment.KubeKind,
        Metadata = Metadata(app),
        Spec = new V1DeploymentSpec
        {
            Selector = new V1LabelSelector { MatchLabels = Labels(app, own: false) },
            Strategy = new V1DeploymentStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = 1, MaxUnavailable = 0 },
            },
            RevisionHistoryLimit = 0,
            Template = _pods.Of(app, Labels(app, own: true)),
        },
    };

    /// <summary>One stable address for the app, whichever pod runs it.</summary>
    public V1Service Service(HashedApp app) => new()
    {
        ApiVersion = "v1",
        Kind = V1Service.KubeKind,
        Metadata = Metadata(app),
        Spec = new V1ServiceSpec
        {
            Type = "ClusterIP",
            // Both labels: a visit never reaches a foreign pod that has one of them.
            Selector = Labels(app, own: true),
            Ports = [new V1ServicePort { Name = "http", Protocol = "TCP", Port = 80, TargetPort = app.Spec.Port }],
        },
    };

    /// <summary>The secrets that variables refer to, and no others; null if there are none.</summary>
    public V1Secret? Secret(HashedApp app)
    {
        var keys = app.Spec.Containers.SelectMany(container => container.Env ?? [])
            .Select(variable => variable.ValueFrom?.SecretKeyRef.Key).OfType<string>().Distinct().ToArray();
        if (keys.Length == 0 || app.SecretData is not { } secrets) return null;
        return new V1Secret
        {
            ApiVersion = "v1",
            Kind = V1Secret.KubeKind,
            Metadata = Metadata(app),
            Type = "Opaque",
            // The hash covers the secrets: other secrets make another hash.
            Immutable = true,
            Data = keys.ToDictionary(key => key, key => Encoding.UTF8.GetBytes(secrets[key])),
        };
    }

    /// <summary>
    /// The hash of an object that the gateway made, by its name and both labels; null for any other object in the namespace.
    /// </summary>
    public static string? HashOf(V1ObjectMeta metadata) =>
        AppAnnotations.HashOf(metadata.Name) is { } hash && IsOf(hash, metadata) ? hash : null;

    /// <summary>True if both labels are those of a hash: the cluster chooses the names of pods.</summary>
    public static bool IsOf(string hash, V1ObjectMeta metadata) =>
        ServiceLabelOf(metadata) == AppAnnotations.ServiceOf(hash) && Label(metadata, ManagedBy) == Manager;

    /// <summary>The name of the Service it is part of, as its label says; null if it has no such label.</summary>
    public static string? ServiceLabelOf(V1ObjectMeta metadata) => Label(metadata, AppAnnotations.Service);

    private static string? Label(V1ObjectMeta metadata, string name) =>
        metadata.Labels?.TryGetValue(name, out var value) == true ? value : null;

    private V1ObjectMeta Metadata(HashedApp app) => new()
    {
        Name = app.ObjectName,
        NamespaceProperty = Namespace,
        Labels = Labels(app, own: true),
        Annotations = new Dictionary<string, string> { [AppAnnotations.Hash] = app.Hash },
        OwnerReferences = [.. app.Owners],
    };

    private static Dictionary<string, string> Labels(HashedApp app, bool own)
    {
        var labels = new Dictionary<string, string> { [AppAnnotations.Service] = app.ObjectName };
        if (own) labels[ManagedBy] = Manager;
        return labels;
    }
}
