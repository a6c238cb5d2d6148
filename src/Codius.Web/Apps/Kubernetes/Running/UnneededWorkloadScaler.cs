using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Supervision;
using k8s.Models;
using StackExchange.Redis;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The leader scales Deployments that no name needs to zero, others to one pod if they have more (only one is paid for), and
/// deletes failed pods before a new try. A hash is scaled to zero only after it was unneeded for a while, in which every gateway has
/// learnt of it, and after the awake names were read once more.
/// </summary>
internal sealed partial class UnneededWorkloadScaler(
    Leadership leadership, ClusterView cluster, Workloads workloads, AwakeRegistry awake, Scaler scaler, Supervisor supervisor,
    TimeProvider time, ILogger<UnneededWorkloadScaler> log) : SupervisedService(supervisor.Work("scaling to zero"))
{
    private static readonly TimeSpan PassEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnneededFor = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _unneededSince = new(StringComparer.Ordinal);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(PassEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!leadership.IsLeader)
            {
                _unneededSince.Clear();
                continue;
            }
            try
            {
                if (await PassAsync(stoppingToken)) Work.Succeeded();
            }
            catch (Exception trouble) when (trouble is RedisException or TimeoutException)
            {
                // No app is put to sleep without knowing which names are awake.
                LogTrouble(trouble.Message);
            }
        }
    }

    /// <summary>Goes over the Deployments that are scaled up, however many sleep; false if one of them failed.</summary>
    private async Task<bool> PassAsync(CancellationToken cancellation)
    {
        var isWell = true;
        List<(string Hash, V1Deployment Deployment)> unneeded = [];
        foreach (var (hash, failed) in workloads.FailedPods())
            isWell &= await TryAsync(() => DeletePodsAsync(hash, failed, cancellation), cancellation);
        var scaledUp = cluster.DeploymentsScaledUp.ToList();
        foreach (var gone in _unneededSince.Keys.Except(scaledUp.Select(deployment => AppObjects.HashOf(deployment.Metadata))).ToList())
            _unneededSince.Remove(gone!);
        foreach (var deployment in scaledUp)
            isWell &= await TryAsync(() => CheckAsync(deployment, unneeded, cancellation), cancellation);
        if (unneeded.Count == 0) return isWell;
        var needed = await awake.ReadHashesAsync();
        foreach (var (hash, deployment) in unneeded)
        {
            _unneededSince.Remove(hash);
            if (!needed.Contains(hash)) isWell &= await TryAsync(() => scaler.DownAsync(deployment, 0, cancellation), cancellation);
        }
        return isWell;
    }

    /// <summary>One Deployment; its failure is reported and keeps none of the others from being scaled down.</summary>
    private async Task<bool> TryAsync(Func<Task> step, CancellationToken cancellation)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception unforeseen) when (!cancellation.IsCancellationRequested)
        {
            // Not by Work.TryAsync: the next Deployment's success would report the work as recovered, each second.
            Work.Failed(unforeseen);
            return false;
        }
    }

    private async Task CheckAsync(
        V1Deployment deployment, List<(string Hash, V1Deployment Deployment)> unneeded, CancellationToken cancellation)
    {
        if (AppObjects.HashOf(deployment.Metadata) is not { } hash) return;
        if (deployment.Spec.Replicas is null or 0 || workloads.Needs(hash))
        {
            _unneededSince.Remove(hash);
            if (deployment.Spec.Replicas <= 1) return;
            LogScaledByHand(deployment.Metadata.Name, deployment.Spec.Replicas);
            await scaler.DownAsync(deployment, 1, cancellation);
            return;
        }
        if (!_unneededSince.TryGetValue(hash, out var since)) _unneededSince[hash] = since = time.GetTimestamp();
        if (time.GetElapsedTime(since) >= UnneededFor) unneeded.Add((hash, deployment));
    }

    private async Task DeletePodsAsync(string hash, IReadOnlyCollection<string> failed, CancellationToken cancellation)
    {
        foreach (var pod in cluster.PodsOf(hash)
            .Where(pod => failed.Contains(pod.Metadata.Uid) && pod.Metadata.DeletionTimestamp is null).ToList())
            await scaler.DeletePodAsync(pod.Metadata.Name, cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Somebody scaled {Deployment} to {Replicas} pods; an app has one, and is scaled to that")]
    private partial void LogScaledByHand(string deployment, int? replicas);

    [LoggerMessage(LogLevel.Warning, "Deployments that no name needs cannot be scaled to zero now: {Cause}")]
    private partial void LogTrouble(string cause);
}
