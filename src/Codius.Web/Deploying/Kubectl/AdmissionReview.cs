using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Codius.Web.Apps.Kubernetes.Resources;

namespace Codius.Web.Deploying.Kubectl;

/// <summary>The API server's request to admit a change of a custom resource (admission.k8s.io/v1), and the response.</summary>
internal sealed record AdmissionReview(
    string? ApiVersion, string? Kind, AdmissionRequest? Request = null, AdmissionResponse? Response = null)
{
    public override string ToString() => $"{ApiVersion} {Kind}";
}

/// <summary>The change.</summary>
internal sealed record AdmissionRequest(
    string Uid, string? Operation, string? Name, string? SubResource, AdmissionUser? UserInfo, JsonElement? Object, JsonElement? OldObject,
    bool? DryRun)
{
    /// <summary>The resource after the change; null if it is deleted.</summary>
    [JsonIgnore]
    public AppResource? Resource { get; } = Read(Object);

    /// <summary>The resource before the change; null if it is created.</summary>
    [JsonIgnore]
    public AppResource? OldResource { get; } = Read(OldObject);

    // Objects may carry secrets.
    public override string ToString() => $"{Operation} {Name}";

    private static AppResource? Read(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } there ? AppResource.Of(there) : null;
}

/// <summary>The user who makes the change, as the API server authenticated them.</summary>
internal sealed record AdmissionUser(string? Username, IReadOnlyList<string>? Groups);

/// <summary>Whether the change is admitted, and with which patch.</summary>
internal sealed record AdmissionResponse(
    string Uid, bool Allowed, AdmissionStatus? Status = null, string? PatchType = null, byte[]? Patch = null,
    IReadOnlyList<string>? Warnings = null)
{
    public override string ToString() => $"{Uid}: {Allowed} {Status}";
}

/// <summary>Why the change is denied; kubectl shows it.</summary>
internal sealed record AdmissionStatus(int Code, string Reason, string Message);

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdmissionReview))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class AdmissionJson : JsonSerializerContext;
