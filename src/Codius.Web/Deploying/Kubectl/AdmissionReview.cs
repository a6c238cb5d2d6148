using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Codius.Web.Apps.Kubernetes.Resources;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The API server's question whether a change of a custom resource may happen (admission.k8s.io/v1), and its answer.</summary>
internal sealed record AdmissionReview(string? ApiVersion, string? Kind, AdmissionRequest? Request = null,
    AdmissionResponse? Response = null)
{
    public override string ToString() => $"{ApiVersion} {Kind}";
}

/// <summary>The change.</summary>
internal sealed record AdmissionRequest(
    string Uid, string? Operation, string? Name, string? SubResource, AdmissionUser? UserInfo, JsonElement? Object, JsonElement? OldObject,
        bool? DryRun)
{
    /// <summary>The resource as it shall be; null if it is deleted.</summary>
    [JsonIgnore]
    public AppResource? Resource { get; } = Read(Object);

    /// <summary>The resource as it is; null if it is created.</summary>
    [JsonIgnore]
    public AppResource? OldResource { get; } = Read(OldObject);

    // Objects may carry secrets.
    public override string ToString() => $"{Operation} {Name}";

    private static AppResource? Read(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } there ? AppResource.Of(there) : null;
}

/// <summary>Who asks for it, as the API server found out.</summary>
internal sealed record AdmissionUser(string? Username, IReadOnlyList<string>? Groups);

/// <summary>What may happen.</summary>
internal sealed record AdmissionResponse(
    string Uid, bool Allowed, AdmissionStatus? Status = null, string? PatchType = null, byte[]? Patch = null,
        IReadOnlyList<string>? Warnings = null)
{
    public override string ToString() => $"{Uid}: {Allowed} {Status}";
}

/// <summary>Why not, in words that kubectl shows.</summary>
internal sealed record AdmissionStatus(int Code, string Reason, string Message);

/// <summary>The JSON of it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdmissionReview))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class AdmissionJson : JsonSerializerContext;
