using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Catalog;

/// <summary>
/// Stores manifests as custom resources. Each change names the resource version it is based on, so that of two concurrent owners
/// exactly one gets a name; reads are served from the watch.
/// </summary>
internal sealed partial class KubernetesAppStore(
    IKubernetes client, ClusterView cluster, IAppCatalog catalog, ResourceReader reader, ResourceWriter writer, INameHolds holds,
    ILogger<KubernetesAppStore> log) : IAppStore
{
    public ValueTask<StoredApp?> FindAsync(string nameOrHash, CancellationToken cancellation)
    {
        if (cluster.Apps.TryFind(nameOrHash, out var resource)) return ValueTask.FromResult(reader.Read(resource).App);
        if (!ManifestHash.LooksLikeHash(nameOrHash)) return ValueTask.FromResult<StoredApp?>(null);
        return ValueTask.FromResult(catalog.Current.TryFindName(nameOrHash, out var named) && cluster.Apps.TryFind(named.Name, out resource)
            && reader.Read(resource).App is { } app && app.Hash == nameOrHash ? app : null);
    }

    public ValueTask<bool> OwnsAnyAsync(AccountId owner, CancellationToken cancellation) =>
        ValueTask.FromResult(catalog.Current.OwnsAny(owner));

    public async ValueTask<PutResult> PutAsync(StoredApp app, CancellationToken cancellation)
    {
        try
        {
            while (await TryPutAsync(app, cancellation) is var outcome)
            {
                if (outcome is { } done) return new(done);
            }
        }
        catch (HttpOperationException refused) when (
            refused.Response?.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            return new(PutOutcome.Refused, [new ValidationError("manifest", MessageOf(refused))]);
        }
        catch (HttpOperationException refused) when (refused.Response?.StatusCode is HttpStatusCode.Forbidden)
        {
            LogRefused(app.Name, MessageOf(refused));
            return new(PutOutcome.Refused, [new ValidationError("manifest", "is refused by the cluster: " + MessageOf(refused))]);
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            LogUnavailable(app.Name, trouble.Message);
        }
        return new(PutOutcome.Unavailable);
    }

    public async ValueTask<DeleteOutcome> DeleteAsync(string name, AccountId owner, CancellationToken cancellation)
    {
        try
        {
            if (await GetAsync(name, cancellation) is not { } there) return DeleteOutcome.NoSuchApp;
            if (reader.OwnerOf(there) != owner) return DeleteOutcome.OtherOwner;
            // The hold comes first: a crash in between leaves a held name that still runs, never a free one whose balance another
            // owner could get.
            await holds.HoldAsync(name, owner, cancellation);
            await client.CustomObjects.DeleteClusterCustomObjectAsync(AppResource.Group, AppResource.Version, AppResource.Plural, name,
                new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = there.Metadata.Uid }, PropagationPolicy = "Background" },
                cancellationToken: cancellation);
            return DeleteOutcome.Deleted;
        }
        catch (HttpOperationException gone) when (gone.Response?.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return DeleteOutcome.NoSuchApp;
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            LogUnavailable(name, trouble.Message);
            return DeleteOutcome.Unavailable;
        }
    }

    /// <summary>Null if the name was changed concurrently.</summary>
    private async Task<PutOutcome?> TryPutAsync(StoredApp app, CancellationToken cancellation)
    {
        var there = await GetAsync(app.Name, cancellation);
        if (there is not null && reader.OwnerOf(there) != app.Owner) return PutOutcome.OtherOwner;
        if (there is null && await holds.ClaimAsync(app.Name, app.Owner, cancellation) is not null) return PutOutcome.OtherOwner;
        var wanted = writer.Write(app, there);
        var isSame = there is not null && there.Hash == app.Hash;
        if (isSame && JsonNode.DeepEquals(JsonNode.Parse(there!.Json.GetRawText()), wanted)) return PutOutcome.Unchanged;
        try
        {
            if (there is null)
                await client.CustomObjects.CreateClusterCustomObjectAsync(wanted, AppResource.Group, AppResource.Version,
                    AppResource.Plural, cancellationToken: cancellation);
            else
                await client.CustomObjects.ReplaceClusterCustomObjectAsync(wanted, AppResource.Group, AppResource.Version,
                    AppResource.Plural, app.Name, cancellationToken: cancellation);
        }
        catch (HttpOperationException raced) when (raced.Response?.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return null;
        }
        return isSame ? PutOutcome.Unchanged : there is null ? PutOutcome.Created : PutOutcome.Replaced;
    }

    private async Task<AppResource?> GetAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return AppResource.Of((JsonElement)await client.CustomObjects.GetClusterCustomObjectAsync(
                AppResource.Group, AppResource.Version, AppResource.Plural, name, cancellationToken: cancellation));
        }
        catch (HttpOperationException missing) when (missing.Response?.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static string MessageOf(HttpOperationException refused)
    {
        try
        {
            return KubernetesJson.Deserialize<V1Status>(refused.Response.Content).Message ?? refused.Message;
        }
        catch (JsonException)
        {
            return refused.Message;
        }
    }

    private static bool IsTrouble(Exception exception) =>
        exception is HttpOperationException or HttpRequestException or IOException or OperationCanceledException or TimeoutException
            or AppStoreUnavailableException;

    [LoggerMessage(LogLevel.Warning, "The cluster did not answer a request for the app {App}: {Cause}")]
    private partial void LogUnavailable(string app, string cause);

    [LoggerMessage(LogLevel.Error, "The cluster forbids the app {App}: {Cause}")]
    private partial void LogRefused(string app, string cause);
}
