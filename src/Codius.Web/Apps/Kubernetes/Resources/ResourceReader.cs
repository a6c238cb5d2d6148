using System.Text;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>
/// Reads a custom resource, for the webhooks and for the catalog alike, and trusts only what it has verified: the owner's
/// signature, the secrets' seal and the hash.
/// </summary>
internal sealed class ResourceReader(OwnerSignature owners, SecretSeal secrets)
{
    private static readonly string[] Envelope = ["apiVersion", "kind", "metadata", "status"];

    /// <summary>The owner, if the gateway signed it; null for an app of the host itself, and if it cannot be verified.</summary>
    public AccountId? OwnerOf(AppResource resource) => owners.Read(resource.Name, resource.Annotations);

    /// <summary>True if an owner is named that this host did not sign, or with a secret that it no longer knows.</summary>
    public bool IsOwnerUnverified(AppResource resource) =>
        OwnerOf(resource) is null && resource.Annotations.ContainsKey(AppAnnotations.Owner);

    /// <summary>
    /// The manifest as stored: its secrets may be sealed. Adds what cannot be read to <paramref name="errors"/>; null if nothing can.
    /// </summary>
    public static AppManifest? ManifestOf(AppResource resource, ICollection<ValidationError> errors) =>
        ManifestReader.Parse(Encoding.UTF8.GetBytes(resource.Json.GetRawText()), errors, root =>
        {
            foreach (var member in Envelope) root.Skip(member);
            return ManifestReader.Read(root, errors);
        });

    /// <summary>The manifest with its secrets in clear; null if they were sealed for another app or owner.</summary>
    public AppManifest? Open(AppResource resource, AppManifest manifest) =>
        secrets.TryOpen(resource.Name, OwnerOf(resource), manifest.SecretData, out var clear) ? manifest with { SecretData = clear } : null;

    /// <summary>True if nothing in the resource needs an earlier secret of the host.</summary>
    public bool IsByCurrentSecret(AppResource resource) =>
        owners.IsByCurrentSecret(resource.Name, resource.Annotations)
            && (ManifestOf(resource, []) is not { } manifest
                || secrets.IsByCurrentSecret(resource.Name, OwnerOf(resource), manifest.SecretData));

    /// <summary>The app; null, with a reason for people, if it must not run.</summary>
    public (StoredApp? App, string? Fault) Read(AppResource resource)
    {
        var owner = OwnerOf(resource);
        if (IsOwnerUnverified(resource))
            return (null, "its owner was not signed by this host; deploy it again");

        var errors = new List<ValidationError>();
        var sent = ManifestOf(resource, errors);
        if (sent is null || errors.Count > 0) return (null, "its manifest cannot be read: " + string.Join("; ", errors));
        if (Open(resource, sent) is not { } opened) return (null, "its secrets were sealed for another app or owner; deploy it again");

        var manifest = ManifestHash.FillIn(opened);
        var hash = ManifestHash.OfSpec(manifest.Spec);
        if (resource.Hash != hash)
            return (null, $"the annotation {AppAnnotations.Hash} is not the hash of its manifest, which is {hash}");
        // Checked here too, as webhooks can be off: such a name could be another app's hash, or the account of a deploy token.
        if (resource.Name != hash && NameRules.FaultOfForm(resource.Name) is { } badName) return (null, "its name " + badName);
        return (new StoredApp(resource.Name, hash, manifest.Spec, manifest.SecretData, owner, resource.Annotations)
        {
            CreatedAt = resource.Metadata.CreationTimestamp is { } created ? new DateTimeOffset(created.ToUniversalTime()) : default,
        }, null);
    }
}
