using System.Text.Json;
using System.Text.Json.Serialization;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Deploying.Services;

/// <summary>The public view of an app, in the form of its custom resource: visitors verify with it what runs.</summary>
internal sealed record ServiceView(string ApiVersion, string Kind, ServiceMetadata Metadata, AppSpec Spec, ServiceStatus Status);

/// <summary>The public part of the metadata.</summary>
internal sealed record ServiceMetadata(string Name, DateTimeOffset? CreationTimestamp, IReadOnlyDictionary<string, string> Annotations);

/// <summary>The app's state; pages of 2020 wait until <see cref="AvailableReplicas"/> is 1.</summary>
/// <param name="AvailableReplicas">1 while it is awake.</param>
/// <param name="UnavailableReplicas">1 while it wakes, or after it failed.</param>
/// <param name="LastRequestTime">When its last visit ended.</param>
/// <param name="Conditions">Ready and Failed.</param>
/// <param name="EndsInDays">In how many days it is deleted if nobody pays for it until then; null while it can pay.</param>
/// <param name="LastFailure">For its owner alone: why it last could not start, with the app's last lines.</param>
/// <param name="AlertWebhookSecret">For its owner alone: what the alerts of the app are signed with.</param>
internal sealed record ServiceStatus(
    int AvailableReplicas, int UnavailableReplicas, string? LastRequestTime, IReadOnlyList<ServiceCondition> Conditions,
    int? EndsInDays, LastFailure? LastFailure, string? AlertWebhookSecret);

/// <summary>One condition; its message is for the owner alone.</summary>
internal sealed record ServiceCondition(string Type, string Status, string Reason, string? Message);

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceView))]
internal sealed partial class ServiceJson : JsonSerializerContext;
