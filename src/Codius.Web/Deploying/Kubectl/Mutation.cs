using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>
/// The mutating webhook: fills in hashes, host name and owner, and seals the secrets. Whose the app is comes from the user
/// the API server knows, or from the gateway's own signature; what an object says of itself is overwritten.
/// </summary>
internal sealed class Mutation(SecretSeal seal, OwnerSignature owners, HostNames names)
{
    private const string NotOurs = "secretData: was sealed for another app or owner, or with a secret this host no longer knows; send the secrets again.";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public AdmissionResponse Answer(AdmissionRequest request)
    {
        if (request.Object is not { } json) return new AdmissionResponse(request.Uid, true);
        var there = new ServiceResource(json);
        // Asked here, before sealing makes it larger.
        if (there.Size > ManifestLimits.MaxBytes) return AdmissionDenials.Deny(request, DeployProblems.TooLarge);
        // What cannot be read is refused, with all its faults, by the validating webhook, which sees it next.
        if (there.Name.Length == 0 || there.Faults.Count > 0) return new AdmissionResponse(request.Uid, true);
        var before = request.OldObject is { } old ? new ServiceResource(old).OwnerBy(owners) : null;
        var owner = OwnerOf(request, there, before);
        if (!TryOpen(there, owner, out var clear))
            return AdmissionDenials.Deny(request, 422, "Invalid", NotOurs);

        var manifest = ManifestHash.FillIn(there.Manifest with { SecretData = clear });
        var patch = new JsonPatch(json);
        patch.Set("metadata", "annotations", Annotations(json, there, owner, ManifestHash.OfSpec(manifest.Spec)));
        patch.Set("metadata", "labels", Labels(json, ManifestHash.OfSpec(manifest.Spec)));
        FillIn(patch, json, manifest.Spec);
        if (clear is not null) patch.Set(null, "secretData", JsonObjectOf(seal.Seal(there.Name, owner, clear)));
        else patch.Remove("secretData");
        return patch.IsEmpty ? new AdmissionResponse(request.Uid, true) : new AdmissionResponse(request.Uid, true, PatchType: "JSONPatch", Patch: patch.ToUtf8());
    }

    private AccountId? OwnerOf(AdmissionRequest request, ServiceResource there, AccountId? before) =>
        request.OldObject is null && Deployer.AccountOf(request) is { } account ? account
        : Deployer.AccountOf(request) is not null ? before
        : there.OwnerBy(owners) ?? before;

    /// <summary>The secrets in clear. Clear ones beside a sealed value replace it: kubectl sends all it has and cannot take the sealed value away.</summary>
    private bool TryOpen(ServiceResource there, AccountId? owner, out IReadOnlyDictionary<string, string>? clear)
    {
        var secrets = there.Manifest.SecretData;
        if (secrets is { Count: > 1 } && secrets.ContainsKey(SecretSeal.Key)) secrets = secrets.Where(secret => secret.Key != SecretSeal.Key).ToDictionary();
        // A sealed value that nothing refers to any more is what a manifest without secrets left behind.
        if (SecretSeal.IsSealed(secrets) && !there.RefersToSecrets) secrets = null;
        return seal.TryOpen(there.Name, owner, secrets, out clear);
    }

    private JsonObject Annotations(JsonObject json, ServiceResource there, AccountId? owner, string hash)
    {
        var annotations = json["metadata"]?["annotations"]?.DeepClone() as JsonObject ?? [];
        annotations[AppAnnotations.Hash] = hash;
        annotations[AppAnnotations.Hostname] = $"{there.Name}.{names.Domain}";
        annotations.Remove(AppAnnotations.Owner);
        annotations.Remove(AppAnnotations.OwnerSeal);
        if (owner is { } account)
        {
            annotations[AppAnnotations.Owner] = account.ToString();
            annotations[AppAnnotations.OwnerSeal] = owners.Sign(there.Name, account);
        }
        if (there.Annotations.TryGetValue(LastApplied, out var applied))
        {
            if (WithoutSecrets(applied) is { } kept) annotations[LastApplied] = kept;
            else annotations.Remove(LastApplied);
        }
        return annotations;
    }

    private static JsonObject Labels(JsonObject json, string hash)
    {
        var labels = json["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        labels[AppAnnotations.Service] = AppAnnotations.ServiceOf(hash);
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

    private static JsonObject JsonObjectOf(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, JsonValue.Create(pair.Value))));
}
