using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>Writes an app as a custom resource, with all that the webhooks would fill in: they need not be there for <c>PUT</c>.</summary>
internal sealed class ResourceWriter(DerivedFields derived)
{
    /// <summary>
    /// The resource to create, or the one to put in the place of <paramref name="there"/>; what others wrote into its metadata stays.
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
