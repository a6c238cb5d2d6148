using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Apps.Running;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// Runs apps as pods. A name needs the workload of its hash; all gateways share which names are awake. Changes of the cluster,
/// of other gateways and of this one are applied under one lock.
/// </summary>
internal sealed class KubernetesRunner(
    ClusterView cluster, IAppCatalog catalog, AwakeRegistry awake, AwakeWrites writes, Workloads workloads, WorkloadContext context,
    IActivityView activity, AppMetrics metrics, ILogger<KubernetesRunner> log)
    : VersionedRunner<Workload>(context.Lock, context.Changes, context.MaxAwakePerOwner, activity, context.Time, metrics, log),
        IHostedService
{
    private readonly AppMetrics _metrics = metrics;
    private readonly ILogger _log = log;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        workloads.Changed += Update;
        awake.Read += Apply;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        workloads.Changed -= Update;
        awake.Read -= Apply;
        return Task.CompletedTask;
    }

    public override void ReportUnreachable(HostedApp app, AppState.Awake state)
    {
        Workload? workload;
        lock (context.Lock)
        {
            if (!Names.TryGetValue(app.Name, out var named) || !ReferenceEquals(named.Status.State, state)) return;
            workload = named.Serving;
            workload?.Recheck();
        }
        if (workload is not null) Update(workload);
    }

    protected override AppState.Failed? Refusal(HostedApp app) => context.History.Forbids(app.Hash);

    protected override Workload Hold(HostedApp app) => workloads.Hold(app.Hash, app.Name);

    protected override ValueTask<string?> OutputOfAsync(Workload run, CancellationToken cancellation) =>
        new(context.LastLinesAsync(StartReport.Newest(cluster.PodsOf(run.Hash)), cancellation));

    protected override void LetGo(Workload? run, string name) => workloads.LetGo(run, name);

    // The grace is in the pod's spec: the leader scales it down once no name needs it.
    protected override Task End(VersionedApp<Workload> named, string name, TimeSpan grace) => End(named, name);

    protected override void Woken(HostedApp app) => writes.Set(app, () => Reject(app));

    protected override void Slept(HostedApp app) => writes.Remove(app);

    protected override void Failed(string name, AppState.Failed state)
    {
        RunnerLog.Failed(_log, name, state.Reason);
        _metrics.Failed();
    }

    protected override void RunsChanged(string name, (Workload? Serving, Workload? Next) before, (Workload? Serving, Workload? Next) now) =>
        writes.Change(AppOf(name, now.Serving?.Hash ?? ""), NameOf(before)!.Value, NameOf(now));

    private static AwakeName? NameOf((Workload? Serving, Workload? Next) runs) =>
        runs.Serving is { } serving ? new AwakeName(serving.Hash, runs.Next?.Hash) : null;

    /// <summary>Other gateways woke so many apps of its owner at the same moment that this one is one too many.</summary>
    private void Reject(HostedApp app)
    {
        lock (context.Lock)
        {
            if (!Names.TryGetValue(app.Name, out var named) || named.Serving is null) return;
            workloads.LetGo(named.Next, app.Name);
            workloads.LetGo(named.Serving, app.Name);
            named.Release();
            var failed = AppState.Failed.OwnerHasEnough(context.MaxAwakePerOwner, Now);
            named.Become(failed, Now);
            Failed(app.Name, failed);
        }
        Notify(app.Name);
    }

    /// <summary>A name no longer needs its workload. The task completes when no pod of it is left, unless other names need it.</summary>
    private Task End(VersionedApp<Workload> named, string name)
    {
        var serving = named.Serving;
        workloads.LetGo(named.Next, name);
        workloads.LetGo(serving, name);
        if (serving?.State is AppState.Awake) context.History.Succeeded(serving.Hash);
        named.Release();
        named.Become(AppState.Asleep, Now);
        if (serving is null || serving.Holders.Count > 0 || !cluster.PodsOf(serving.Hash).Any()) return Task.CompletedTask;
        serving.Gone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return serving.Gone.Task;
    }

    /// <summary>Applies the wakes and sleeps of other gateways.</summary>
    private void Apply(IReadOnlyDictionary<string, AwakeName> read)
    {
        List<string> changed = [];
        lock (context.Lock)
        {
            writes.ForgetWritten();
            foreach (var (name, shared) in read)
            {
                if (!writes.IsWriting(name) && Apply(name, shared)) changed.Add(name);
            }
            foreach (var (name, named) in Names)
            {
                if (named.Serving is null || read.ContainsKey(name) || writes.IsWriting(name)) continue;
                Names.TryRemove(name, out _);
                _ = End(named, name);
                changed.Add(name);
            }
        }
        foreach (var name in changed) Notify(name);
    }

    private bool Apply(string name, AwakeName shared)
    {
        var named = Names.GetOrAdd(name, made => new VersionedApp<Workload>(AppOf(made, shared.Serving)));
        if (named.Serving is { } serving)
        {
            // The newer version is awake, as another gateway saw first; this one sees it shortly.
            if (named.Next?.Hash == shared.Serving) return false;
            if (serving.Hash == shared.Serving)
            {
                if (named.Next?.Hash != shared.Next)
                {
                    var replaced = named.Prepare(
                        AppOf(name, shared.Next ?? serving.Hash), shared.Next is { } next ? workloads.Hold(next, name) : null);
                    workloads.LetGo(replaced, name);
                }
                return false;
            }
            workloads.LetGo(named.Next, name);
            workloads.LetGo(serving, name);
        }
        Serve(named, AppOf(name, shared.Serving), workloads.Hold(shared.Serving, name));
        if (named.Serving is not null && shared.Next is { } newer) named.Prepare(AppOf(name, newer), workloads.Hold(newer, name));
        return true;
    }

    private HostedApp AppOf(string name, string hash) =>
        catalog.Current.TryFind(name, out var app) ? app with { Hash = hash } : new HostedApp(name, hash, "");
}
