using Codius.Web.Apps.Manifests;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>One version that runs once, however many names refer to it.</summary>
/// <param name="Hash">The manifest's hash.</param>
/// <param name="Spec">Its containers and port.</param>
/// <param name="SecretData">Its secrets in clear; null if it has none.</param>
/// <param name="Owners">The custom resources that refer to it: when the last one is deleted, the cluster deletes the objects.</param>
internal sealed record HashedApp(
    string Hash, AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData, IReadOnlyList<V1OwnerReference> Owners)
{
    public string ObjectName { get; } = AppAnnotations.ServiceOf(Hash);

    // Secrets never come out by accident.
    public override string ToString() => Hash;
}
