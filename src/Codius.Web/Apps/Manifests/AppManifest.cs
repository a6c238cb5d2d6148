namespace Codius.Web.Apps.Manifests;

/// <summary>A developer's upload: the spec, and the secrets it needs. Parsed, not yet validated.</summary>
/// <param name="Spec">Its containers and port.</param>
/// <param name="SecretData">
/// Values that environment variables refer to; null if the manifest has none, which is not the same as empty.
/// </param>
internal sealed record AppManifest(AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData = null)
{
    // Secrets never come out by accident.
    public override string ToString() => $"{nameof(AppManifest)} of {Spec.Containers.Count} containers";
}
