namespace Codius.Web.Apps.Manifests;

/// <summary>A developer's upload: the spec, and the secrets it needs. Parsed, not yet validated.</summary>
/// <param name="Spec">Its containers and port.</param>
/// <param name="SecretData">
/// Values that environment variables refer to; null if the manifest has none, which is not the same as empty.
/// </param>
internal sealed record AppManifest(AppSpec Spec, IReadOnlyDictionary<string, string>? SecretData = null)
{
    /// <summary>
    /// The manifest without secrets that no variable refers to: no app could read them, and its hash, by which it is paid, does not
    /// cover them.
    /// </summary>
    public AppManifest WithoutUnusedSecrets() => UsesSecrets ? this : this with { SecretData = null };

    /// <summary>True if a variable refers to its secrets.</summary>
    public bool UsesSecrets =>
        Spec.Containers.Any(container => container.Env?.Any(variable => variable.ValueFrom is not null) == true);

    // Secrets never come out by accident.
    public override string ToString() => $"{nameof(AppManifest)} of {Spec.Containers.Count} containers";
}
