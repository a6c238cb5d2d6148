using System.Text.Encodings.Web;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>A custom resource, from the API server or a webhook's request; <see cref="ResourceReader"/> reads its manifest.</summary>
internal sealed class AppResource : IKubernetesObject<V1ObjectMeta>
{
    public const string Group = "core.codius.org";
    public const string Version = "v1alpha1";
    public const string Plural = "services";

    private static readonly JsonSerializerOptions AsSent = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public string ApiVersion { get; set; } = $"{Group}/{Version}";

    public string Kind { get; set; } = "Service";

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The whole object.</summary>
    public JsonElement Json { get; private init; }

    /// <summary>Empty while the API server has not generated one.</summary>
    public string Name => Metadata.Name ?? "";

    public IReadOnlyDictionary<string, string> Annotations => Metadata.Annotations?.AsReadOnly() ?? None;

    public IReadOnlyDictionary<string, string> Labels => Metadata.Labels?.AsReadOnly() ?? None;

    /// <summary>The hash of its annotation; the reader verifies it against the manifest.</summary>
    public string? Hash => Metadata.Annotations?.TryGetValue(AppAnnotations.Hash, out var hash) == true ? hash : null;

    /// <summary>True for an app that may never change and is named by its hash.</summary>
    public bool IsImmutable => Labels.GetValueOrDefault(AppAnnotations.Immutable) == "true";

    /// <summary>Bytes of the manifest alone.</summary>
    public int ManifestSize => SizeOf("spec") + SizeOf("secretData");

    /// <summary>Bytes of the metadata, but for kubectl's copy of the manifest.</summary>
    public int MetadataSize =>
        SizeOf("metadata") - (Annotations.TryGetValue(AppAnnotations.LastApplied, out var copy)
            ? JsonSerializer.SerializeToUtf8Bytes(copy, AsSent).Length : 0);

    /// <exception cref="JsonException">Its metadata is not metadata.</exception>
    public static AppResource Of(JsonElement json) => new()
    {
        Metadata = json.TryGetProperty("metadata", out var metadata)
            ? KubernetesJson.Deserialize<V1ObjectMeta>(metadata.GetRawText()) : new V1ObjectMeta(),
        Json = json.Clone(),
    };

    // Secrets never come out by accident.
    public override string ToString() => Name;

    private int SizeOf(string member) =>
        Json.TryGetProperty(member, out var value) ? JsonSerializer.SerializeToUtf8Bytes(value, AsSent).Length : 0;
}
