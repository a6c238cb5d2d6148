using Codius.Web.Apps.Manifests;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>What runs once, however many names point at it.</summary>
/// <param name="Hash">The manifest's hash.</param>
/// <param name="Spec">What shall run.</param>
/// <param name="SecretData">Its secrets in clear; null if it has none.</param>
/// <param name="Owners">The custom resources that point at it: when the last one goes, the cluster takes the objects away.</param>
internal sealed record HashedApp(string Hash, AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData,
    IReadOnlyList<V1OwnerReference> Owners)
{
    public string ObjectName { get; } = AppAnnotations.ServiceOf(Hash);

    // Secrets never come out by accident.
    public override string ToString() => Hash;
}
