using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Manifests;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;
using StackExchange.Redis;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// The leader's control loop: each change in the cluster queues a hash or an app. Level-triggered: each pass reconciles the whole
/// object, whichever event queued it. What changed comes first; everything is looked at again from time to time, a few a second.
/// </summary>
internal sealed partial class Reconciler(
    Leadership leadership, ClusterView cluster, KubernetesCatalog catalog, IAppRunner runner, HashReconciler hashes, StatusWriter statuses,
    IBalanceChanges balances, IAppSteering steering, Supervisor supervisor, TimeProvider time, ILogger<Reconciler> log)
    : SupervisedService(supervisor.Work("reconciling"))
{
    private const string Status = "status ";
    private const string Hash = "hash ";

    /// <summary>
    /// How long after a change of a balance the status is written: at most so often for an app in use, and longer than hints are left out.
    /// </summary>
    private static readonly TimeSpan FundsDelay = TimeSpan.FromSeconds(5);

    /// <summary>How often an old version that still serves is reconciled again.</summary>
    private static readonly TimeSpan OldVersionRecheck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AllStatusesEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AllHashesEvery = TimeSpan.FromMinutes(10);

    // A status reads the store, a hash may be three calls of the API server: with many apps, all of them take as long as that takes.
    private const int StatusesPerSecond = 20;
    private const int HashesPerSecond = 2;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly WorkQueue _queue = new(supervisor, time);
    private readonly PacedRounds _statusRounds = new(AllStatusesEvery, StatusesPerSecond, time);
    private readonly PacedRounds _hashRounds = new(AllHashesEvery, HashesPerSecond, time);
    private Task _looking = Task.CompletedTask;

    /// <summary>The number of objects that failed and are tried again.</summary>
    public int Failing => _queue.Failing;

    public string? LastTrouble { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        leadership.Changed += AddAll;
        cluster.Apps.Changed += AddApp;
        cluster.Deployments.Changed += AddDeployment;
        cluster.Services.Changed += AddObject;
        cluster.Secrets.Changed += AddObject;
        runner.StateChanged += AddStatus;
        steering.Changed += AddStatus;
        catalog.Read += AddStatus;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var rounds = SharedTicks.Call(() => Work.Try(() => AddDue(stoppingToken)), Pace, time);
        using var funds = new LeaderFunds(leadership, balances, account => AddFunds(account, stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            var work = await _queue.DequeueAsync(stoppingToken);
            if (!leadership.IsLeader) continue;
            try
            {
                if (!await ReconcileAsync(work, stoppingToken)) _queue.AddLater(work, OldVersionRecheck, stoppingToken);
                _queue.Succeeded(work);
                Work.Succeeded();
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                // Foreseen or not, one object's failure keeps none of the others from being reconciled.
                if (!IsTrouble(trouble)) Work.Failed(trouble);
                LastTrouble = $"{work}: {MessageOf(trouble)}";
                LogTrouble(work, MessageOf(trouble));
                _queue.Failed(work, stoppingToken);
            }
        }
    }

    private async Task<bool> ReconcileAsync(string work, CancellationToken cancellation)
    {
        if (work.StartsWith(Hash, StringComparison.Ordinal)) return await hashes.ReconcileAsync(work[Hash.Length..], cancellation);
        await statuses.WriteAsync(work[Status.Length..], cancellation);
        return true;
    }

    /// <summary>
    /// A new leader: what no gateway did while none led, which is what has no objects, or no app. The other objects are applied again in
    /// a round, since all of them at once would be three calls of the API server for each app.
    /// </summary>
    private void AddAll()
    {
        if (!leadership.IsLeader) return;
        hashes.Forget();
        var hosted = cluster.Apps.All.Select(HashOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var hash in hosted.Where(hash => !cluster.Deployments.TryFind(AppAnnotations.ServiceOf(hash), out _)))
            _queue.Add(Hash + hash);
        foreach (var hash in hashes.ExistingHashes().Where(hash => !hosted.Contains(hash))) _queue.Add(Hash + hash);
        foreach (var resource in cluster.Apps.All) _queue.AddUnchanged(Status + resource.Metadata.Name);
        _hashRounds.Restart();
    }

    /// <summary>What is to be looked at again in this second.</summary>
    private void AddDue(CancellationToken cancellation)
    {
        if (!leadership.IsLeader || !_queue.IsIdle || !_looking.IsCompleted) return;
        var names = _statusRounds.Next(() => cluster.Apps.All.Select(resource => resource.Metadata.Name));
        if (names.Length > 0) _looking = LookAsync(names.ToArray(), cancellation);
        foreach (var hash in _hashRounds.Next(AllHashes))
        {
            hashes.ForgetIfOld(hash);
            _queue.AddUnchanged(Hash + hash);
        }
    }

    /// <summary>Reads all of some statuses together, and queues those that are to be written: nearly none.</summary>
    private async Task LookAsync(string[] names, CancellationToken cancellation)
    {
        IReadOnlyCollection<string> changed = names;
        try
        {
            changed = await statuses.FindChangedAsync(names, cancellation);
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            // Each is tried by itself, again and again.
        }
        catch (Exception unforeseen)
        {
            Work.Failed(unforeseen);
        }
        foreach (var name in changed) _queue.AddUnchanged(Status + name);
    }

    private IEnumerable<string> AllHashes() => cluster.Apps.All.Select(HashOf).OfType<string>().Union(hashes.ExistingHashes());

    // The annotation may hold any text, and the objects of a hash that no app has are deleted.
    private static string? HashOf(AppResource? resource) =>
        resource?.Hash is { } hash && ManifestHash.LooksLikeHash(hash) ? hash : null;

    private void AddApp(AppResource? before, AppResource? now)
    {
        // The old hash too: perhaps no app refers to it any more.
        foreach (var resource in new[] { before, now })
        {
            if (HashOf(resource) is { } hash) _queue.Add(Hash + hash);
        }
        AddStatus((now ?? before)!.Metadata.Name);
    }

    private void AddDeployment(V1Deployment? before, V1Deployment? now)
    {
        // Changes of its status alone concern the runner.
        if (before is not null && now is not null && before.Metadata.Generation == now.Metadata.Generation
            && KubernetesJson.Serialize(before.Metadata.Labels) == KubernetesJson.Serialize(now.Metadata.Labels)
            && before.Metadata.OwnerReferences?.Count == now.Metadata.OwnerReferences?.Count) return;
        AddObject(before, now);
    }

    private void AddObject<T>(T? before, T? now) where T : class, IMetadata<V1ObjectMeta>
    {
        // The old object too: a label that was removed is written again.
        foreach (var seen in new[] { before, now })
        {
            if (seen is not null && AppObjects.HashOf(seen.Metadata) is { } hash) _queue.Add(Hash + hash);
        }
    }

    private void AddFunds(AccountId account, CancellationToken cancellation)
    {
        var name = account.ToString();
        if (leadership.IsLeader && cluster.Apps.TryFind(name, out _)) _queue.AddUnchangedLater(Status + name, FundsDelay, cancellation);
    }

    private void AddStatus(string name) => _queue.Add(Status + name);

    private static string MessageOf(Exception trouble) =>
        trouble is HttpOperationException { Response.Content: { Length: > 0 } content } ? content : trouble.Message;

    private static bool IsTrouble(Exception exception) =>
        exception is HttpOperationException or HttpRequestException or IOException or OperationCanceledException or TimeoutException
            or RedisException or LedgerUnavailableException or System.Text.Json.JsonException;

    [LoggerMessage(LogLevel.Warning, "{Work} could not be brought up to date and is tried again: {Cause}")]
    private partial void LogTrouble(string work, string cause);
}
