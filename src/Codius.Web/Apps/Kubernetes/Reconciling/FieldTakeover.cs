using System.Text.Json.Nodes;
using Codius.Web.Apps.Kubernetes.Objects;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// Makes the fields that the creation of a Deployment set the applier's own. The cluster removes a field that is no longer applied
/// only if no other manager has it, and a creation is another manager than a server-side apply, whatever its name.
/// </summary>
internal static class FieldTakeover
{
    /// <summary>The manager of the request that creates a Deployment with no replicas.</summary>
    public const string Creator = AppObjects.Manager + "-create";

    private const string Apply = "Apply";

    /// <summary>The change of who manages which field; null if the creator has none.</summary>
    public static V1Patch? PatchOf(V1Deployment deployment)
    {
        if (deployment.Metadata.ManagedFields is not { } managers || !managers.Any(IsCreator)) return null;
        var applier = managers.FirstOrDefault(IsApplier);
        var fields = new JsonObject();
        foreach (var manager in managers.Where(manager => manager == applier || IsCreator(manager))) Add(fields, FieldsOf(manager));
        // The scaler's: the apply names no number of replicas, and would reset it to the cluster's default, one.
        (fields["f:spec"] as JsonObject)?.Remove("f:replicas");
        V1ManagedFieldsEntry taken = new()
        {
            Manager = AppObjects.Manager,
            Operation = Apply,
            ApiVersion = applier?.ApiVersion ?? "apps/v1",
            FieldsType = "FieldsV1",
            FieldsV1 = fields,
            Time = (applier ?? managers.First(IsCreator)).Time,
        };
        object[] patch =
        [
            new { op = "replace", path = "/metadata/managedFields",
                value = managers.Where(manager => manager != applier && !IsCreator(manager)).Append(taken) },
            // Refused if another client changed it meanwhile: the list would be an old one.
            new { op = "replace", path = "/metadata/resourceVersion", value = deployment.Metadata.ResourceVersion },
        ];
        return new V1Patch(KubernetesJson.Serialize(patch), V1Patch.PatchType.JsonPatch);
    }

    private static bool IsCreator(V1ManagedFieldsEntry manager) => manager.Manager == Creator;

    private static bool IsApplier(V1ManagedFieldsEntry manager) =>
        manager is { Manager: AppObjects.Manager, Operation: Apply, Subresource: null or "" };

    private static JsonObject FieldsOf(V1ManagedFieldsEntry manager) =>
        JsonNode.Parse(KubernetesJson.Serialize(manager.FieldsV1))!.AsObject();

    private static void Add(JsonObject fields, JsonObject more)
    {
        foreach (var (name, value) in more)
        {
            if (fields[name] is JsonObject known && value is JsonObject inner) Add(known, inner);
            else fields[name] = value?.DeepClone();
        }
    }
}
