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
    ClusterView cluster, IAppCatalog catalog, AwakeRegistry awake, AwakeWrites writes, Workloads hashes, StartTools tools, AppMetrics metrics,
    ILogger<KubernetesRunner> log)
    : IAppRunner, IHostedService
{
    private readonly ConcurrentDictionary<string, NamedPods> _names = new(StringComparer.Ordinal);

    public event Action<string>? StateChanged;

    public IReadOnlyCollection<AppStatus> Statuses => [.. _names.Values.Select(named => named.Status).Where(status => status.State is not AppState.AsleepState)];

    public AppState StateOf(HostedApp app) => _names.TryGetValue(app.Name, out var named) ? named.Status.State : AppState.Asleep;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed += Follow;
        cluster.Services.Changed += Follow;
        cluster.Pods.Changed += FollowPod;
        hashes.Changed += Tell;
        awake.Read += Take;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        cluster.Deployments.Changed -= Follow;
        cluster.Services.Changed -= Follow;
        cluster.Pods.Changed -= FollowPod;
        hashes.Changed -= Tell;
        awake.Read -= Take;
        return hashes.StopAsync();
    }

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
            writes.Remove(app.Name);
        }
        LogSlept(app.Name);
        metrics.Slept();
        StateChanged?.Invoke(app.Name);
        // Whoever leads takes the pod away once nobody needs it; the pod has the grace to end in itself.
        await gone.WaitAsync(cancellation);
    }

    public void ReportUnreachable(HostedApp app, AppState.Awake state)
    {
        Workload? pods;
        lock (tools.Lock)
        {
            if (!_names.TryGetValue(app.Name, out var named) || !ReferenceEquals(named.Status.State, state)) return;
            pods = named.Serving;
            pods?.LookAgain();
        }
        if (pods is not null) Tell(pods);
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
        writes.Set(app.Name, new AwakeName(app.Hash));
        named.Serve(app, hashes.Hold(app.Hash, app.Name), now);
    }

    /// <summary>The old version serves on until the new one is awake.</summary>
    private void Replace(NamedPods named, HostedApp app)
    {
        var before = named.Awake;
        if (before.Serving == app.Hash) hashes.LetGo(named.Prepare(app, null), app.Name);
        else if (tools.History.Forbids(app.Hash) is { } tooEarly)
        {
            named.Refuse(tooEarly.Reason);
            return;
        }
        else hashes.LetGo(named.Prepare(app, hashes.Hold(app.Hash, app.Name)), app.Name);
        Change(named, app.Name, before);
        // Another name may have it running already.
        Settle(named, app.Name);
    }

    /// <summary>A name needs nothing any more. The task ends when no pod of it is left, unless others need it.</summary>
    private Task End(NamedPods named, string name)
    {
        var serving = named.Serving;
        hashes.LetGo(named.Next, name);
        hashes.LetGo(serving, name);
        if (serving?.State is AppState.Awake) tools.History.Succeeded(serving.Hash);
        named.GiveUp();
        named.Become(AppState.Asleep, tools.Time.GetUtcNow());
        if (serving is null || serving.Holders.Count > 0 || !cluster.PodsOf(serving.Hash).Any()) return Task.CompletedTask;
        serving.Gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return serving.Gone.Task;
    }

    private void Follow<T>(T? before, T? now) where T : class, IKubernetesObject<V1ObjectMeta> => hashes.Follow((now ?? before)!.Metadata.Name);

    private void FollowPod(V1Pod? before, V1Pod? now)
    {
        if ((now ?? before)!.Metadata.Labels.TryGetValue(AppAnnotations.Service, out var service)) hashes.Follow(service);
    }

    /// <summary>A hash changed: so do the names it serves or is about to.</summary>
    private void Tell(Workload pods)
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
        hashes.LetGo(named.Follow(tools.Time.GetUtcNow()), name);
        if (named.Status.State is AppState.Failed failed)
        {
            LogFailed(name, failed.Reason);
            metrics.Failed();
            hashes.LetGo(named.Serving, name);
            named.GiveUp();
            writes.Change(name, before, null);
        }
        else Change(named, name, before);
        return named.Status != status;
    }

    private void Change(NamedPods named, string name, AwakeName before)
    {
        if (named.Awake != before) writes.Change(name, before, named.Awake);
    }

    /// <summary>Takes over what other gateways woke and put to sleep.</summary>
    private void Take(IReadOnlyDictionary<string, AwakeName> read)
    {
        List<string> changed = [];
        lock (tools.Lock)
        {
            writes.ForgetWritten();
            foreach (var (name, shared) in read)
            {
                if (!writes.IsWriting(name) && TakeOne(name, shared)) changed.Add(name);
            }
            foreach (var (name, named) in _names)
            {
                if (named.Serving is null || read.ContainsKey(name) || writes.IsWriting(name)) continue;
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
                    hashes.LetGo(named.Prepare(AppOf(name, shared.Next ?? serving.Hash), shared.Next is { } next ? hashes.Hold(next, name) : null), name);
                return false;
            }
            hashes.LetGo(named.Next, name);
            hashes.LetGo(serving, name);
        }
        named.Serve(AppOf(name, shared.Serving), hashes.Hold(shared.Serving, name), tools.Time.GetUtcNow());
        if (shared.Next is { } newer) named.Prepare(AppOf(name, newer), hashes.Hold(newer, name));
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
