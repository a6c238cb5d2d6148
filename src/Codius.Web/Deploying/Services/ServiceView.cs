using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Deploying.Services;

/// <summary>What everybody may see of an app, in the form of its custom resource: how a visitor checks what runs.</summary>
internal sealed record ServiceView(string ApiVersion, string Kind, ServiceMetadata Metadata, AppSpec Spec, ServiceStatus Status);

/// <summary>The part of the metadata that is nobody's secret.</summary>
internal sealed record ServiceMetadata(string Name, DateTimeOffset? CreationTimestamp, IReadOnlyDictionary<string, string> Annotations);

/// <summary>What the app is doing; pages of 2020 wait until <see cref="AvailableReplicas"/> is 1.</summary>
internal sealed record ServiceStatus(int AvailableReplicas, int UnavailableReplicas, string? LastRequestTime,
    IReadOnlyList<ServiceCondition> Conditions);

/// <summary>One thing that is or is not so; the message is for the owner alone.</summary>
internal sealed record ServiceCondition(string Type, string Status, string Reason, string? Message);

/// <summary>The JSON of it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceView))]
internal sealed partial class ServiceJson : JsonSerializerContext;
