using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>Writes an app as a custom resource, with the fields the webhooks would fill in: <c>PUT</c> works without them.</summary>
internal sealed class ResourceWriter(DerivedFields derived)
{
    /// <summary>
    /// The resource to create, or the one to replace <paramref name="there"/>; what other clients wrote into its metadata stays.
    /// </summary>
    public JsonObject Write(StoredApp app, AppResource? there)
    {
        var json = there is null ? [] : JsonNode.Parse(there.Json.GetRawText())!.AsObject();
        json["apiVersion"] = $"{AppResource.Group}/{AppResource.Version}";
        json["kind"] = "Service";
        var metadata = Child(json, "metadata");
        metadata["name"] = app.Name;
        var annotations = Child(metadata, "annotations");
        annotations.Remove(AppAnnotations.MaxSpendPerHour);
        foreach (var left in PresentationRules.Names) annotations.Remove(left);
        foreach (var (key, value) in app.Annotations) annotations[key] = value;
        derived.SetAnnotations(annotations, app.Name, app.Hash, app.Owner);
        DerivedFields.SetLabels(Child(metadata, "labels"), app.Hash);
        json["spec"] = JsonSerializer.SerializeToNode(app.Spec, ManifestJson.Default.AppSpec);
        json.Remove("secretData");
        if (app.SecretData is { } clear) json["secretData"] = derived.Sealed(app.Name, app.Owner, clear);
        return json;
    }

    private static JsonObject Child(JsonObject json, string name)
    {
        if (json[name] is not JsonObject child) json[name] = child = [];
        return child;
    }
}
