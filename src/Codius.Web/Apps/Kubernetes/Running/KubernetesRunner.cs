using System.Collections.Concurrent;
using Codius.Web.Apps.Kubernetes.Watching;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// Runs apps as pods. A name needs the pods of its hash; which names are awake all gateways share. A visit only reads;
/// the cluster's changes, the other gateways' and this one's own meet under one lock.
/// </summary>
internal sealed partial class KubernetesRunner(
    ClusterView cluster, IAppCatalog catalog, AwakeNames awake, Scaler scaler, StartTools tools, AppMetrics metrics, ILogger<KubernetesRunner> log)
    : IAppRunner, IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, NamedPods> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashPods> _byHash = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _writes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _raising = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    public event Action<string>? StateChanged;

    public IReadOnlyCollection<AppStatus> Statuses => [.. _names.Values.Select(named => named.Status).Where(status => status.State is not AppState.AsleepState)];

    public AppState StateOf(HostedApp app) => _names.TryGetValue(app.Name, out var named) ? named.Status.State : AppState.Asleep;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed += Follow;
        cluster.Services.Changed += Follow;
        cluster.Pods.Changed += FollowPod;
        awake.Read += Take;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed -= Follow;
        cluster.Services.Changed -= Follow;
        cluster.Pods.Changed -= FollowPod;
        awake.Read -= Take;
        return _end.CancelAsync();
    }

    public void Dispose() => _end.Dispose();

    public AppState Wake(HostedApp app)
    {
        NamedPods named;
        AppState before;
        lock (tools.Lock)
        {
            named = _names.GetOrAdd(app.Name, static (_, made) => new NamedPods(made), app);
            before = named.Status.State;
            if (before is AppState.AsleepState or AppState.Failed) Start(named, app);
            else if (named.NewestHash != app.Hash) Replace(named, app);
        }
        if (named.Status.State != before) StateChanged?.Invoke(app.Name);
        return named.Status.State;
    }

    public Task<AppState> WhenSettledAsync(HostedApp app, CancellationToken cancellation) =>
        _names.TryGetValue(app.Name, out var named)
            ? named.Settled.WaitAsync(cancellation)
            : Task.FromResult<AppState>(new AppState.Failed("The app was put to sleep before it was awake."));

    public async Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation)
    {
        Task gone;
        lock (tools.Lock)
        {
            if (!_names.TryRemove(app.Name, out var named)) return;
            gone = End(named, app.Name);
            Write(app.Name, awake.RemoveAsync(app.Name));
        }
        LogSlept(app.Name);
        metrics.Slept();
        StateChanged?.Invoke(app.Name);
        // Whoever leads takes the pod away once nobody needs it; the pod has the grace to end in itself.
        await gone.WaitAsync(cancellation);
    }

    public void Doubt(HostedApp app, AppState.Awake state)
    {
        HashPods? pods;
        lock (tools.Lock)
        {
            if (!_names.TryGetValue(app.Name, out var named) || !ReferenceEquals(named.Status.State, state)) return;
            pods = named.Serving;
            pods?.LookAgain();
        }
        if (pods is not null) Tell(pods);
    }

    /// <summary>True while a name needs this hash.</summary>
    public bool Needs(string hash)
    {
        lock (tools.Lock) return _byHash.TryGetValue(hash, out var pods) && pods.Holders.Count > 0;
    }

    /// <summary>Pods of this hash that failed and stand in the way of a new try.</summary>
    public IReadOnlyCollection<string> SpentPodsOf(string hash)
    {
        lock (tools.Lock) return _byHash.TryGetValue(hash, out var pods) && pods.Holders.Count > 0 ? [.. pods.Spent] : [];
    }

    private void Start(NamedPods named, HostedApp app)
    {
        var now = tools.Time.GetUtcNow();
        if (tools.History.Forbids(app.Hash) is { } tooEarly)
        {
            named.Become(tooEarly, now);
            return;
        }
        LogWaking(app.Name);
        metrics.Woken();
        Write(app.Name, awake.SetAsync(app.Name, new AwakeName(app.Hash)));
        named.Serve(app, Hold(app.Hash, app.Name), now);
    }

    /// <summary>The old version serves on until the new one is awake.</summary>
    private void Replace(NamedPods named, HostedApp app)
    {
        var before = named.Awake;
        if (before.Serving == app.Hash) LetGo(named.Prepare(app, null), app.Name);
        else if (tools.History.Forbids(app.Hash) is { } tooEarly)
        {
            named.Refuse(tooEarly.Reason);
            return;
        }
        else LetGo(named.Prepare(app, Hold(app.Hash, app.Name)), app.Name);
        Change(named, app.Name, before);
        // Another name may have it running already.
        Settle(named, app.Name);
    }

    private HashPods Hold(string hash, string name)
    {
        if (!_byHash.TryGetValue(hash, out var pods)) _byHash[hash] = pods = new HashPods(hash, cluster, tools, Tell);
        pods.Holders.Add(name);
        pods.TryAgain();
        Raise(pods);
        return pods;
    }

    private void LetGo(HashPods? pods, string name)
    {
        if (pods is null) return;
        pods.Holders.Remove(name);
        Tidy(pods);
    }

    /// <summary>A name needs nothing any more. The task ends when no pod of it is left, unless others need it.</summary>
    private Task End(NamedPods named, string name)
    {
        var serving = named.Serving;
        LetGo(named.Next, name);
        LetGo(serving, name);
        if (serving?.State is AppState.Awake) tools.History.Succeeded(serving.Hash);
        named.GiveUp();
        named.Become(AppState.Asleep, tools.Time.GetUtcNow());
        if (serving is null || serving.Holders.Count > 0 || !cluster.PodsOf(serving.Hash).Any()) return Task.CompletedTask;
        serving.Gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return serving.Gone.Task;
    }

    private void Tidy(HashPods pods)
    {
        if (pods.Holders.Count == 0 && pods.IsDown && !cluster.PodsOf(pods.Hash).Any() && _byHash.Remove(pods.Hash)) pods.Dispose();
    }

    /// <summary>Has a hash scaled up, if it is not; tried again until it is or nobody needs it.</summary>
    private void Raise(HashPods pods)
    {
        if (!pods.IsDown || pods.Holders.Count == 0 || !_raising.Add(pods.Hash)) return;
        var written = Task.WhenAll(pods.Holders.Select(name => _writes.GetValueOrDefault(name, Task.CompletedTask)));
        _ = Task.Run(async () =>
        {
            // What is awake is written down first: else the leader could take it for something nobody needs.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await scaler.UpAsync(pods.Hash, () => pods.Holders.Count > 0 && pods.IsDown, _end.Token);
            lock (tools.Lock) _raising.Remove(pods.Hash);
        });
    }

    private void Follow<T>(T? before, T? now) where T : class, IKubernetesObject<V1ObjectMeta> => FollowObject((now ?? before)!.Metadata.Name);

    private void FollowPod(V1Pod? before, V1Pod? now)
    {
        if ((now ?? before)!.Metadata.Labels.TryGetValue(AppAnnotations.Service, out var service)) FollowObject(service);
    }

    private void FollowObject(string service)
    {
        HashPods? pods;
        lock (tools.Lock)
        {
            if (!service.StartsWith("svc-", StringComparison.Ordinal) || !_byHash.TryGetValue(service[4..], out pods)) return;
            pods.Look();
            Raise(pods);
            Tidy(pods);
        }
        Tell(pods);
    }

    /// <summary>A hash changed: so do the names it serves or is about to.</summary>
    private void Tell(HashPods pods)
    {
        List<string> changed = [];
        lock (tools.Lock)
        {
            foreach (var name in pods.Holders.ToArray())
            {
                if (_names.TryGetValue(name, out var named) && Settle(named, name)) changed.Add(name);
            }
        }
        foreach (var name in changed) StateChanged?.Invoke(name);
    }

    /// <summary>Brings one name up to what its pods are; true if that changed what it is.</summary>
    private bool Settle(NamedPods named, string name)
    {
        if (named.Serving is null) return false;
        var (status, before) = (named.Status, named.Awake);
        LetGo(named.Follow(tools.Time.GetUtcNow()), name);
        if (named.Status.State is AppState.Failed failed)
        {
            LogFailed(name, failed.Reason);
            metrics.Failed();
            LetGo(named.Serving, name);
            named.GiveUp();
            Write(name, awake.ChangeAsync(name, before, null));
        }
        else Change(named, name, before);
        return named.Status != status;
    }

    private void Change(NamedPods named, string name, AwakeName before)
    {
        if (named.Awake != before) Write(name, awake.ChangeAsync(name, before, named.Awake));
    }

    private void Write(string name, Task written) => _writes[name] = written;

    /// <summary>Takes over what other gateways woke and put to sleep.</summary>
    private void Take(IReadOnlyDictionary<string, AwakeName> read)
    {
        List<string> changed = [];
        lock (tools.Lock)
        {
            foreach (var name in _writes.Where(write => write.Value.IsCompleted).Select(write => write.Key).ToArray()) _writes.Remove(name);
            foreach (var (name, shared) in read)
            {
                // What this gateway is about to write is newer.
                if (!_writes.ContainsKey(name) && TakeOne(name, shared)) changed.Add(name);
            }
            foreach (var (name, named) in _names)
            {
                if (named.Serving is null || read.ContainsKey(name) || _writes.ContainsKey(name)) continue;
                _names.TryRemove(name, out _);
                End(named, name);
                changed.Add(name);
            }
        }
        foreach (var name in changed) StateChanged?.Invoke(name);
    }

    private bool TakeOne(string name, AwakeName shared)
    {
        var named = _names.GetOrAdd(name, made => new NamedPods(AppOf(made, shared.Serving)));
        if (named.Serving is { } serving)
        {
            // The newer version is awake, as another gateway saw first; this one sees it in a moment.
            if (named.Next?.Hash == shared.Serving) return false;
            if (serving.Hash == shared.Serving)
            {
                if (named.Next?.Hash != shared.Next)
                    LetGo(named.Prepare(AppOf(name, shared.Next ?? serving.Hash), shared.Next is { } next ? Hold(next, name) : null), name);
                return false;
            }
            LetGo(named.Next, name);
            LetGo(serving, name);
        }
        named.Serve(AppOf(name, shared.Serving), Hold(shared.Serving, name), tools.Time.GetUtcNow());
        if (shared.Next is { } newer) named.Prepare(AppOf(name, newer), Hold(newer, name));
        return true;
    }

    private HostedApp AppOf(string name, string hash) =>
        catalog.Current.TryFind(name, out var app) ? app with { Hash = hash } : new HostedApp(name, hash, "");

    [LoggerMessage(LogLevel.Information, "App {App} wakes")]
    private partial void LogWaking(string app);

    [LoggerMessage(LogLevel.Information, "App {App} goes to sleep")]
    private partial void LogSlept(string app);

    [LoggerMessage(LogLevel.Warning, "App {App} could not start: {Reason}")]
    private partial void LogFailed(string app, string reason);
}
