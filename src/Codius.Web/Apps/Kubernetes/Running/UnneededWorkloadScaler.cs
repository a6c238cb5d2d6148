using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting.Supervision;
using k8s.Models;
using StackExchange.Redis;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The leader's look at what runs: pods that no name needs end, and failed ones make room for a new try. Before a hash goes
/// to zero it was unneeded for a moment, in which every gateway has heard so, and what is awake is read from the store once more.
/// </summary>
internal sealed partial class UnneededWorkloadScaler(
    Leadership leadership, ClusterView cluster, Workloads workloads, AwakeRegistry awake, Scaler scaler, Supervisor supervisor,
    TimeProvider time, ILogger<UnneededWorkloadScaler> log) : SupervisedService(supervisor.Work("scaling to zero"))
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UnneededFor = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, long> _unneededSince = new(StringComparer.Ordinal);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!leadership.IsLeader)
            {
                _unneededSince.Clear();
                continue;
            }
            try
            {
                await LookAsync(stoppingToken);
                Work.Succeeded();
            }
            catch (Exception trouble) when (trouble is RedisException or TimeoutException)
            {
                // Nothing is put to sleep on a guess.
                LogTrouble(trouble.Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        List<(string Hash, V1Deployment Deployment)> unneeded = [];
        foreach (var deployment in cluster.Deployments.All)
        {
            if (AppObjects.HashOf(deployment.Metadata) is not { } hash) continue;
            if (deployment.Spec.Replicas is null or 0 || workloads.Needs(hash))
            {
                _unneededSince.Remove(hash);
                await ClearAsync(hash, cancellation);
                continue;
            }
            if (!_unneededSince.TryGetValue(hash, out var since)) _unneededSince[hash] = since = time.GetTimestamp();
            if (time.GetElapsedTime(since) >= UnneededFor) unneeded.Add((hash, deployment));
        }
        if (unneeded.Count == 0) return;
        var needed = await awake.ReadHashesAsync();
        foreach (var (hash, deployment) in unneeded)
        {
            _unneededSince.Remove(hash);
            if (!needed.Contains(hash)) await scaler.DownAsync(deployment, cancellation);
        }
    }

    private async Task ClearAsync(string hash, CancellationToken cancellation)
    {
        var spent = workloads.SpentPodsOf(hash);
        foreach (var pod in cluster.PodsOf(hash)
            .Where(pod => spent.Contains(pod.Metadata.Uid) && pod.Metadata.DeletionTimestamp is null).ToList())
            await scaler.DeletePodAsync(pod.Metadata.Name, cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "What no name needs is not put to sleep now: {Cause}")]
    private partial void LogTrouble(string cause);
}
