using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>A custom resource as it came from the API server, with what the webhooks read from it.</summary>
internal sealed class ServiceResource
{
    private static readonly JsonSerializerOptions AsSent = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = AdmissionJson.Default };
    private static readonly string[] Envelope = ["apiVersion", "kind", "metadata", "status"];

    private readonly List<ValidationError> _faults = [];

    public ServiceResource(JsonObject json)
    {
        Name = (string?)json["metadata"]?["name"] ?? "";
        Annotations = Texts(json["metadata"]?["annotations"]);
        Labels = Texts(json["metadata"]?["labels"]);
        var text = JsonSerializer.SerializeToUtf8Bytes(json, AdmissionJson.Default.JsonObject);
        Manifest = ManifestReader.Parse(text, _faults, root =>
        {
            foreach (var member in Envelope) root.Skip(member);
            return ManifestReader.Read(root, _faults);
        }) ?? new AppManifest(new AppSpec());
        Size = SizeOf(json["spec"]) + SizeOf(json["secretData"]);
        OwnedBy = json["metadata"]?["ownerReferences"];
        Finalizers = json["metadata"]?["finalizers"];
    }

    public string Name { get; }

    public IReadOnlyDictionary<string, string> Annotations { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The manifest as it stands there; its secret data may be sealed.</summary>
    public AppManifest Manifest { get; }

    /// <summary>What could not be read of it.</summary>
    public IReadOnlyList<ValidationError> Faults => _faults;

    /// <summary>Bytes of the manifest itself.</summary>
    public int Size { get; }

    public JsonNode? OwnedBy { get; }

    public JsonNode? Finalizers { get; }

    public bool RefersToSecrets => Manifest.Spec.Containers.Any(container => container.Env?.Any(variable => variable.ValueFrom is not null) == true);

    public string? Hash => Annotations.GetValueOrDefault(AppAnnotations.Hash);

    public bool IsImmutable => Labels.GetValueOrDefault(AppAnnotations.Immutable) == "true";

    /// <summary>The owner, if the gateway signed it.</summary>
    public AccountId? OwnerBy(OwnerSignature seal) => seal.Read(Name, Annotations);

    private static int SizeOf(JsonNode? node) => node is null ? 0 : Encoding.UTF8.GetByteCount(node.ToJsonString(AsSent));

    private static Dictionary<string, string> Texts(JsonNode? map) => map is JsonObject texts
        ? texts.Where(member => member.Value?.GetValueKind() == JsonValueKind.String).ToDictionary(member => member.Key, member => (string)member.Value!)
        : [];
}
