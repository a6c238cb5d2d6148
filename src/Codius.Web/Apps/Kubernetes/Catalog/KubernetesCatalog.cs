using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Kubernetes.Catalog;

/// <summary>
/// The custom resources as a snapshot. Each change reads one resource again; a burst of changes makes one new snapshot.
/// A name that its owner deleted with <c>kubectl</c> is held for that owner, as after a <c>DELETE</c> here.
/// </summary>
internal sealed partial class KubernetesCatalog(
    ClusterView cluster, ResourceReader reader, INameHolds holds, Asset asset, Supervisor supervisor, ILogger<KubernetesCatalog> log)
    : SupervisedService(supervisor.Work("catalog")), IAppCatalog
{
    private readonly Channel<string> _names = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SupervisedWork _changes = supervisor.Work("changes of the catalog");
    private readonly Dictionary<string, HostedApp> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);
    private volatile AppSnapshot _current = AppSnapshot.Empty;

    public event Action? Changed;

    public AppSnapshot Current => _current;

    /// <summary>Why a resource is not hosted; null if it is.</summary>
    public string? FaultOf(string name) => _faults.GetValueOrDefault(name);

    /// <summary>The number of resources with a fault.</summary>
    public int Faulty => _faults.Count;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Apps.Changed += (before, now) => _names.Writer.TryWrite((now ?? before)!.Metadata.Name);
        foreach (var resource in cluster.Apps.All) TryRead(resource.Metadata.Name);
        Publish();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await _names.Reader.WaitToReadAsync(stoppingToken))
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (_names.Reader.TryRead(out var read)) names.Add(read);
            var deleted = new List<HostedApp>();
            var changed = false;
            foreach (var name in names)
            {
                _entries.TryGetValue(name, out var before);
                changed |= TryRead(name);
                if (before is { Owner: not null } && !_entries.ContainsKey(name) && !cluster.Apps.TryFind(name, out _)) deleted.Add(before);
            }
            if (changed) Publish();
            foreach (var app in deleted) await Work.TryAsync(() => HoldNameAsync(app, stoppingToken), stoppingToken);
        }
    }

    /// <summary>An unexpected exception leaves the resource's app as it was; the others are read all the same.</summary>
    private bool TryRead(string name)
    {
        var changed = false;
        if (!Work.Try(() => changed = Read(name))) _faults[name] = "the resource could not be read; the gateway's log says why";
        return changed;
    }

    /// <summary>Reads one resource again; true if its app changed.</summary>
    private bool Read(string name)
    {
        if (!cluster.Apps.TryFind(name, out var resource))
        {
            _faults.TryRemove(name, out _);
            return _entries.Remove(name);
        }
        var (app, fault) = reader.Read(resource);
        if (app is null)
        {
            if (!_faults.TryGetValue(name, out var logged) || logged != fault) LogFault(name, fault!);
            _faults[name] = fault!;
            return _entries.Remove(name);
        }
        _faults.TryRemove(name, out _);
        var entry = new HostedApp(name, app.Hash, app.Spec.Containers[0].Image, app.Owner,
            asset.TryParse(app.Annotations.GetValueOrDefault(AppAnnotations.MaxSpendPerHour), out var cap) ? cap : null)
        {
            Visits = VisitSettings.Of(app.Annotations),
            Presentation = AppPresentation.Of(app.Annotations),
        };
        if (_entries.TryGetValue(name, out var before) && before == entry) return false;
        _entries[name] = entry;
        return true;
    }

    /// <summary>Every name, and every hash as an app of its own: open to all, with its own balance.</summary>
    private void Publish()
    {
        var apps = new Dictionary<string, HostedApp>(_entries, StringComparer.Ordinal);
        foreach (var entry in _entries.Values) apps.TryAdd(entry.Hash, new HostedApp(entry.Hash, entry.Hash, entry.Image));
        _current = new AppSnapshot(apps.Values);
        _changes.Raise(Changed);
    }

    private async Task HoldNameAsync(HostedApp app, CancellationToken cancellation)
    {
        try
        {
            await holds.HoldAsync(app.Name, app.Owner!.Value, cancellation);
        }
        catch (AppStoreUnavailableException away)
        {
            // Its balance stays under its name all the same; until another owner deploys there, its owner can again.
            LogNotKept(app.Name, away.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The app {App} is not hosted: {Fault}")]
    private partial void LogFault(string app, string fault);

    [LoggerMessage(LogLevel.Error, "The name of the deleted app {App} is not held for its owner: {Cause}")]
    private partial void LogNotKept(string app, string cause);
}
