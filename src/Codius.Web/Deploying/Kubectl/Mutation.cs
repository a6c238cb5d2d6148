using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>
/// The mutating webhook: fills in hashes, host name and owner, and seals the secrets. The owner comes from the user the API server
/// authenticated, or from the gateway's own signature; the object's own annotations are overwritten.
/// </summary>
internal sealed class Mutation(ResourceReader reader, DerivedFields derived, SecretSeal seal)
{
    private const string NotOurs =
        "secretData: was sealed for another app or owner, or with a secret this host no longer knows; send the secrets again.";

    public AdmissionResponse Answer(AdmissionRequest request)
    {
        if (request.Resource is not { } resource) return new AdmissionResponse(request.Uid, true);
        // Checked here, before sealing makes it larger.
        if (resource.ManifestSize > ManifestLimits.MaxBytes) return AdmissionDenials.Deny(request, DeployProblems.TooLarge);
        var errors = new List<ValidationError>();
        var sent = ResourceReader.ManifestOf(resource, errors);
        // What cannot be parsed is denied, with all its faults, by the validating webhook, which is called next.
        if (resource.Name.Length == 0 || sent is null || errors.Count > 0) return new AdmissionResponse(request.Uid, true);
        var owner = OwnerOf(request, resource);
        if (!TryOpen(resource.Name, sent, owner, out var clear)) return AdmissionDenials.Deny(request, 422, "Invalid", NotOurs);

        var manifest = ManifestHash.FillIn(sent with { SecretData = clear });
        var hash = ManifestHash.OfSpec(manifest.Spec);
        var json = JsonObject.Create(resource.Json)!;
        var patch = new JsonPatch(json);
        patch.Set("metadata", "annotations", Annotations(json, resource, owner, hash));
        patch.Set("metadata", "labels", Labels(json, hash));
        FillIn(patch, json, manifest.Spec);
        if (clear is not null) patch.Set(null, "secretData", derived.Sealed(resource.Name, owner, clear));
        else patch.Remove("secretData");
        return patch.IsEmpty
            ? new AdmissionResponse(request.Uid, true)
            : new AdmissionResponse(request.Uid, true, PatchType: "JSONPatch", Patch: patch.ToUtf8(), Warnings: Warnings(sent));
    }

    private AccountId? OwnerOf(AdmissionRequest request, AppResource resource)
    {
        var before = request.OldResource is { } old ? reader.OwnerOf(old) : null;
        if (Deployer.AccountOf(request) is not { } deployer) return reader.OwnerOf(resource) ?? before;
        return request.OldResource is null ? deployer : before;
    }

    /// <summary>
    /// The secrets in clear. Clear ones beside a sealed value replace it: kubectl sends all it has and cannot remove the sealed value.
    /// </summary>
    private bool TryOpen(string name, AppManifest sent, AccountId? owner, out IReadOnlyDictionary<string, string>? clear)
    {
        var secrets = sent.SecretData;
        if (secrets is { Count: > 1 } && secrets.ContainsKey(SecretSeal.Key))
            secrets = secrets.Where(secret => secret.Key != SecretSeal.Key).ToDictionary();
        // A sealed value that no variable refers to remains when a manifest no longer has secrets; clear ones could be of any size without
        // a new hash, and so without a price.
        if (!sent.UsesSecrets) secrets = null;
        return seal.TryOpen(name, owner, secrets, out clear);
    }

    // The validating webhook, which warns of the rest, sees no secrets then. Sealed ones are not the client's: kubectl leaves them there.
    private static string[]? Warnings(AppManifest sent) =>
        sent.UsesSecrets || SecretSeal.IsSealed(sent.SecretData) ? null : [.. ManifestRules.Warnings(sent)];

    private JsonObject Annotations(JsonObject json, AppResource resource, AccountId? owner, string hash)
    {
        var annotations = json["metadata"]?["annotations"]?.DeepClone() as JsonObject ?? [];
        derived.SetAnnotations(annotations, resource.Name, hash, owner);
        if (resource.Annotations.TryGetValue(AppAnnotations.LastApplied, out var applied))
        {
            if (WithoutSecrets(applied) is { } kept) annotations[AppAnnotations.LastApplied] = kept;
            else annotations.Remove(AppAnnotations.LastApplied);
        }
        return annotations;
    }

    private static JsonObject Labels(JsonObject json, string hash)
    {
        var labels = json["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        DerivedFields.SetLabels(labels, hash);
        return labels;
    }

    private static void FillIn(JsonPatch patch, JsonObject json, AppSpec spec)
    {
        for (var i = 0; i < spec.Containers.Count; i++)
        {
            for (var j = 0; j < (spec.Containers[i].Env?.Count ?? 0); j++)
            {
                var reference = json["spec"]?["containers"]?[i]?["env"]?[j]?["valueFrom"]?["secretKeyRef"] as JsonObject;
                var hash = spec.Containers[i].Env![j].ValueFrom?.SecretKeyRef.Hash;
                if (reference is not null && hash is not null && (string?)reference["hash"] != hash)
                    patch.Add($"/spec/containers/{i}/env/{j}/valueFrom/secretKeyRef/hash", JsonValue.Create(hash));
            }
        }
    }

    // kubectl keeps the whole manifest there, secrets included. What is not a manifest is dropped: it could hold them too.
    private static string? WithoutSecrets(string applied)
    {
        try
        {
            if (JsonNode.Parse(applied) is not JsonObject manifest) return null;
            return manifest.Remove("secretData") ? manifest.ToJsonString() + "\n" : applied;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
