using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>Writes the state of an app to the status of its custom resource, and emits an Event for each change.</summary>
internal sealed class StatusWriter(
    IKubernetes client, ClusterView cluster, KubernetesCatalog catalog, IAppRunner runner, IBalanceLedger ledger, Prices prices,
    IAppSteering steering, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string Reason, string Message)> _emitted = new(StringComparer.Ordinal);

    public async Task WriteAsync(string name, CancellationToken cancellation)
    {
        if (!cluster.Apps.TryFind(name, out var resource))
        {
            _emitted.TryRemove(name, out _);
            return;
        }
        var funds = await ReadFundsAsync(name, cancellation);
        var (reason, message) = Describe(name);
        var wanted = Status(resource, reason, message, funds);
        var isWritten = IsWritten(resource, wanted);
        if (!isWritten) await PatchAsync(name, wanted, cancellation);
        await EmitEventAsync(resource, reason, message, isNew: !isWritten && reason == "Failed", cancellation);
    }

    /// <summary>Those whose status is to be written or whose Event is to be emitted; the store is read for all of them together.</summary>
    public async Task<IReadOnlyCollection<string>> FindChangedAsync(string[] names, CancellationToken cancellation)
    {
        var funds = await Task.WhenAll(names.Select(name => ReadFundsAsync(name, cancellation).AsTask()));
        return [.. names.Zip(funds).Where(read => IsChanged(read.First, read.Second)).Select(read => read.First)];
    }

    private bool IsChanged(string name, ulong funds)
    {
        if (!cluster.Apps.TryFind(name, out var resource)) return _emitted.ContainsKey(name);
        var (reason, message) = Describe(name);
        return !_emitted.TryGetValue(name, out var emitted) || emitted != (reason, message)
            || !IsWritten(resource, Status(resource, reason, message, funds));
    }

    // A resource that is not hosted may have a name that is no valid account id.
    private async ValueTask<ulong> ReadFundsAsync(string name, CancellationToken cancellation) =>
        AccountId.TryParse(name, out var account) ? (await ledger.ReadAsync(account, cancellation))?.Funds ?? 0 : 0;

    private (string Reason, string Message) Describe(string name)
    {
        if (catalog.FaultOf(name) is { } fault) return ("Refused", $"The app is not hosted: {fault}.");
        if (!catalog.Current.TryFind(name, out var app)) return ("Unknown", "The app was not read yet.");
        if (steering.Of(name).BlockedWords is { } words) return ("Blocked", $"The host's owner has blocked the app: {words}");
        var status = runner.StatusOf(name);
        return runner.StateOf(app) switch
        {
            AppState.Awake when status is { LastError: { } error } && status.App.Hash != app.Hash => ("Awake", error),
            AppState.Awake => ("Awake", "The app is awake and answers visits."),
            AppState.WakingState { Detail: { } detail } => ("Waking", $"The app is starting. {detail}"),
            AppState.WakingState => ("Waking", "The app is starting."),
            AppState.Failed failed => ("Failed", failed.Reason),
            _ => ("Asleep", "The app sleeps; a visit that is paid for wakes it."),
        };
    }

    private JsonObject Status(AppResource resource, string reason, string message, ulong funds)
    {
        var funded = funds >= prices.For(steering.Of(resource.Metadata.Name)).PerRequest;
        var (isAwake, isFailed) = (reason == "Awake", reason is "Failed" or "Refused");
        return new JsonObject
        {
            ["availableReplicas"] = isAwake ? 1 : 0,
            ["unavailableReplicas"] = isFailed || reason == "Waking" ? 1 : 0,
            ["conditions"] = new JsonArray(
                Condition(resource, "Ready", isAwake, reason, message),
                Condition(resource, "Funded", funded, funded ? "Funded" : "OutOfFunds", funded ? "The balance can pay a request."
                    : "The balance cannot pay a request: visitors get 402 until somebody pays."),
                Condition(resource, "Failed", isFailed, isFailed ? reason : "NotFailed", isFailed ? message
                    : "Nothing keeps the app from starting.")),
        };
    }

    private static JsonObject Condition(AppResource resource, string type, bool holds, string reason, string message) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["reason"] = reason,
        ["message"] = message,
        ["observedGeneration"] = resource.Metadata.Generation ?? 0,
    };

    /// <summary>Compares with the status in the cluster, and copies the transition times of unchanged conditions.</summary>
    private bool IsWritten(AppResource resource, JsonObject wanted)
    {
        var there = resource.Json.TryGetProperty("status", out var status) ? JsonNode.Parse(status.GetRawText()) as JsonObject : null;
        var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        foreach (var condition in wanted["conditions"]!.AsArray())
        {
            var before = (there?["conditions"] as JsonArray)?.FirstOrDefault(known =>
                (string?)known?["type"] == (string?)condition!["type"]);
            condition!["lastTransitionTime"] = (string?)before?["status"] == (string?)condition["status"]
                ? (string?)before?["lastTransitionTime"] ?? now : now;
        }
        return there is not null && wanted.All(member => JsonNode.DeepEquals(there[member.Key], member.Value));
    }

    private async Task PatchAsync(string name, JsonObject status, CancellationToken cancellation)
    {
        try
        {
            var patch = new V1Patch(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.MergePatch);
            await client.CustomObjects.PatchClusterCustomObjectStatusAsync(patch, AppResource.Group, AppResource.Version,
                AppResource.Plural, name, cancellationToken: cancellation);
        }
        catch (HttpOperationException gone) when (gone.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            // Deleted meanwhile.
        }
    }

    /// <summary>
    /// One Event for each change; none for the state at the time this gateway became leader, but for a failure that its status did not
    /// have: an app may fail before it was looked at for the first time.
    /// </summary>
    private async Task EmitEventAsync(AppResource resource, string reason, string message, bool isNew, CancellationToken cancellation)
    {
        var name = resource.Metadata.Name;
        var first = !_emitted.TryGetValue(name, out var emitted);
        _emitted[name] = (reason, message);
        if ((first && !isNew) || emitted == (reason, message) || reason == "Unknown") return;
        var now = time.GetUtcNow().UtcDateTime;
        await client.CoreV1.CreateNamespacedEventAsync(new Corev1Event
        {
            // Events of cluster-scoped objects belong into this namespace.
            Metadata = new V1ObjectMeta { GenerateName = name + ".", NamespaceProperty = "default" },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = resource.ApiVersion,
                Kind = resource.Kind,
                Name = name,
                Uid = resource.Metadata.Uid,
            },
            Reason = reason,
            Message = message.Length <= 1000 ? message : message[..1000],
            Type = reason is "Failed" or "Refused" ? "Warning" : "Normal",
            Source = new V1EventSource { Component = Objects.AppObjects.Manager },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        }, "default", cancellationToken: cancellation);
    }
}
