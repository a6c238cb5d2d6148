using System.Net;
using System.Runtime.CompilerServices;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;

namespace Codius.Web.Apps.Kubernetes.Catalog;

/// <summary>
/// While earlier secrets are set, the leader signs and seals anew what only they can open: owners' signatures and apps' secrets. Once the
/// log says that none is left, an earlier secret can be dropped (see backup.md).
/// </summary>
internal sealed partial class SealRenewal(
    IKubernetes client, ClusterView cluster, ResourceReader reader, ResourceWriter writer, HostSecrets secrets, ILeadership leadership,
    Supervisor supervisor, TimeProvider time, ILogger<SealRenewal> log)
    : SupervisedService(supervisor.Work("seals"))
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // Twenty a second: an API server has other work.
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(50);

    // What is not changed is not read again: the watch keeps the same object.
    private readonly ConditionalWeakTable<AppResource, object> _current = [];
    private bool _done;

    protected override Task RunAsync(CancellationToken stoppingToken) => secrets.All.Count == 1 ? Task.CompletedTask
        : new LeaderRounds(leadership, time).RunAsync(Every, RenewAsync, stoppingToken);

    private async Task<TimeSpan?> RenewAsync(CancellationToken cancellation)
    {
        var (renewed, left) = (0, 0);
        foreach (var resource in cluster.Apps.All.Where(resource => !IsByCurrentSecret(resource)))
        {
            // One that cannot be read is by no secret that is known: its owner must deploy it again.
            if (reader.Read(resource).App is not { } app) continue;
            if (await TryReplaceAsync(resource, app, cancellation)) renewed++;
            else left++;
            await Task.Delay(BetweenWrites, time, cancellation);
        }
        if (renewed > 0) LogRenewed(renewed);
        if (renewed + left == 0 && !_done) LogDone();
        _done = renewed + left == 0;
        Work.Succeeded();
        return null;
    }

    private bool IsByCurrentSecret(AppResource resource)
    {
        if (_current.TryGetValue(resource, out _)) return true;
        if (!reader.IsByCurrentSecret(resource)) return false;
        _current.AddOrUpdate(resource, this);
        return true;
    }

    private async Task<bool> TryReplaceAsync(AppResource resource, StoredApp app, CancellationToken cancellation)
    {
        try
        {
            // The resource names the version that was read: of an owner's change at the same time nothing is lost. A crash in between
            // leaves the resource as it was or as it will be.
            await client.CustomObjects.ReplaceClusterCustomObjectAsync(writer.Write(app, resource), AppResource.Group, AppResource.Version,
                AppResource.Plural, app.Name, cancellationToken: cancellation);
            return true;
        }
        catch (HttpOperationException refused) when (
            refused.Response?.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return false; // it was changed meanwhile, and is looked at again
        }
        catch (Exception trouble) when (trouble is HttpOperationException or HttpRequestException or IOException or TimeoutException)
        {
            LogTrouble(app.Name, trouble.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Apps} apps were signed and sealed with the current secret instead of an earlier one")]
    private partial void LogRenewed(int apps);

    [LoggerMessage(LogLevel.Information, "Every app is signed and sealed with the current secret; none needs an earlier one")]
    private partial void LogDone();

    [LoggerMessage(LogLevel.Warning, "The app {App} could not be sealed with the current secret, which is tried again: {Cause}")]
    private partial void LogTrouble(string app, string cause);
}
