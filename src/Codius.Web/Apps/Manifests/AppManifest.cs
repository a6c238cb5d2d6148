namespace Codius.Web.Apps.Manifests;

/// <summary>What a developer uploads: what shall run, and the secrets it needs. Text in it was read, not yet checked.</summary>
/// <param name="Spec">What shall run.</param>
/// <param name="SecretData">Values that environment variables refer to; null if the manifest has none, which is not the same as
/// empty.</param>
internal sealed record AppManifest(AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData = null)
{
    // Secrets never come out by accident.
    public override string ToString() => $"{nameof(AppManifest)} of {Spec.Containers.Count} containers";
}
