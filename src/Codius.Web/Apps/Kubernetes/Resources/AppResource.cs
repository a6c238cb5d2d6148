using System.Text.Json;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Resources;

/// <summary>A custom resource as the API server has it; its manifest is read by <see cref="ResourceReader"/>.</summary>
internal sealed class AppResource : IKubernetesObject<V1ObjectMeta>
{
    public const string Group = "core.codius.org";
    public const string Version = "v1alpha1";
    public const string Plural = "services";

    public string ApiVersion { get; set; } = $"{Group}/{Version}";

    public string Kind { get; set; } = "Service";

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The whole object.</summary>
    public JsonElement Json { get; private init; }

    public static AppResource Of(JsonElement json) => new()
    {
        Metadata = json.TryGetProperty("metadata", out var metadata) ? KubernetesJson.Deserialize<V1ObjectMeta>(metadata.GetRawText()) : new V1ObjectMeta(),
        Json = json.Clone(),
    };

    // Secrets never come out by accident.
    public override string ToString() => Metadata.Name;
}
