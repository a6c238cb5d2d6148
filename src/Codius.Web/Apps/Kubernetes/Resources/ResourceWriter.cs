using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>Writes an app as a custom resource, with all that the webhooks would fill in: they need not be there for <c>PUT</c>.</summary>
internal sealed class ResourceWriter(OwnerSignature owners, SecretSeal secrets, HostNames names)
{
    /// <summary>The resource to create, or the one to put in the place of <paramref name="there"/>; what others wrote into its metadata stays.</summary>
    public JsonObject Write(StoredApp app, AppResource? there)
    {
        var json = there is null ? [] : JsonNode.Parse(there.Json.GetRawText())!.AsObject();
        json["apiVersion"] = $"{AppResource.Group}/{AppResource.Version}";
        json["kind"] = "Service";
        var metadata = Child(json, "metadata");
        metadata["name"] = app.Name;
        var annotations = Child(metadata, "annotations");
        annotations.Remove(AppAnnotations.MaxSpendPerHour);
        foreach (var (key, value) in app.Annotations) annotations[key] = value;
        annotations[AppAnnotations.Hash] = app.Hash;
        annotations[AppAnnotations.Hostname] = $"{app.Name}.{names.Domain}";
        if (app.Owner is { } owner)
        {
            annotations[AppAnnotations.Owner] = owner.ToString();
            annotations[AppAnnotations.OwnerSeal] = owners.Sign(app.Name, owner);
        }
        Child(metadata, "labels")[AppAnnotations.Service] = AppAnnotations.ServiceOf(app.Hash);
        json["spec"] = JsonSerializer.SerializeToNode(app.Spec, ManifestJson.Default.AppSpec);
        json.Remove("secretData");
        if (app.SecretData is { } clear) json["secretData"] = new JsonObject(
            secrets.Seal(app.Name, app.Owner, clear).Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, JsonValue.Create(pair.Value))));
        return json;
    }

    /// <summary>Whose the name is, if the gateway signed it.</summary>
    public AccountId? OwnerOf(AppResource there) => owners.Read(there.Metadata.Name, there.Metadata.Annotations?.AsReadOnly() ?? new Dictionary<string, string>().AsReadOnly());

    private static JsonObject Child(JsonObject json, string name)
    {
        if (json[name] is not JsonObject child) json[name] = child = [];
        return child;
    }
}
