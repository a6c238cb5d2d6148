using System.Text.Encodings.Web;
using System.Text.Json;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>Reads an app from its custom resource, and believes only what can be checked: the owner's seal, the secrets' seal and the hash.</summary>
internal sealed class ResourceReader(OwnerSignature owners, SecretSeal secrets)
{
    private static readonly string[] Envelope = ["apiVersion", "kind", "metadata", "status"];
    private static readonly JsonSerializerOptions AsSent = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The app; null with the reason, in plain words, if it must not run.</summary>
    public (StoredApp? App, string? Fault) Read(AppResource resource)
    {
        var name = resource.Metadata.Name;
        var annotations = resource.Metadata.Annotations?.AsReadOnly() ?? new Dictionary<string, string>().AsReadOnly();
        var owner = owners.Read(name, annotations);
        if (owner is null && annotations.ContainsKey(AppAnnotations.Owner)) return (null, "its owner was not signed by this host; deploy it again");

        var faults = new List<ValidationError>();
        var manifest = ManifestReader.Parse(JsonSerializer.SerializeToUtf8Bytes(resource.Json, AsSent), faults, root =>
        {
            foreach (var member in Envelope) root.Skip(member);
            return ManifestReader.Read(root, faults);
        });
        if (manifest is null || faults.Count > 0) return (null, "its manifest cannot be read: " + string.Join("; ", faults));
        if (!secrets.TryOpen(name, owner, manifest.SecretData, out var clear)) return (null, "its secrets were sealed for another app or owner; deploy it again");

        manifest = ManifestHash.FillIn(manifest with { SecretData = clear });
        var hash = ManifestHash.OfSpec(manifest.Spec);
        if (annotations.GetValueOrDefault(AppAnnotations.Hash) != hash)
            return (null, $"the annotation {AppAnnotations.Hash} is not the hash of its manifest, which is {hash}");
        // Checked without the webhooks too: such a name could stand for another app's hash, or for the account of a deploy token.
        if (name != hash && NameRules.FaultOfForm(name) is { } badName) return (null, "its name " + badName);
        return (new StoredApp(name, hash, manifest.Spec, clear, owner, annotations)
        {
            CreatedAt = resource.Metadata.CreationTimestamp is { } created ? new DateTimeOffset(created.ToUniversalTime()) : default,
        }, null);
    }
}
