using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>
/// The fields of a custom resource that only the gateway writes: the hash, the host name, the owner with the gateway's
/// signature, the label of the core Service, and the sealed secrets. <c>PUT</c> and the mutating webhook write the same.
/// </summary>
internal sealed class DerivedFields(OwnerSignature owners, SecretSeal secrets, HostNames names)
{
    /// <summary>Overwrites the annotations of hash, host name and owner.</summary>
    public void SetAnnotations(JsonObject annotations, string name, string hash, AccountId? owner)
    {
        annotations[AppAnnotations.Hash] = hash;
        annotations[AppAnnotations.Hostname] = names.HostNameOf(name);
        annotations.Remove(AppAnnotations.Owner);
        annotations.Remove(AppAnnotations.OwnerSeal);
        if (owner is not { } account) return;
        annotations[AppAnnotations.Owner] = account.ToString();
        annotations[AppAnnotations.OwnerSeal] = owners.Sign(name, account);
    }

    public static void SetLabels(JsonObject labels, string hash) => labels[AppAnnotations.Service] = AppAnnotations.ServiceOf(hash);

    /// <summary>The secrets as they are stored.</summary>
    public JsonObject Sealed(string name, AccountId? owner, IReadOnlyDictionary<string, string> secretData) =>
        new(secrets.Seal(name, owner, secretData)
            .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, JsonValue.Create(pair.Value))));
}
