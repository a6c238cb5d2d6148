using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Kubernetes.Watching;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Kubernetes.Catalog;

/// <summary>
/// The custom resources as a snapshot. Each change reads one resource again; a burst of changes makes one new snapshot.
/// Each name's owner, and that its app is gone, goes to <see cref="NameRecords"/>.
/// </summary>
internal sealed partial class KubernetesCatalog(
    ClusterView cluster, ResourceReader reader, NameRecords names, Asset asset, Supervisor supervisor, ILogger<KubernetesCatalog> log)
    : SupervisedService(supervisor.Work("catalog")), IAppCatalog
{
    private readonly Channel<string> _changedNames = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SupervisedWork _changes = supervisor.Work("changes of the catalog");
    private readonly Dictionary<string, HostedApp> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);
    private volatile AppSnapshot _current = AppSnapshot.Empty;

    public event Action? Changed;

    /// <summary>A resource was read again, by its name; raised after <see cref="Current"/> was replaced, also if it stayed.</summary>
    public event Action<string>? Read;

    public AppSnapshot Current => _current;

    /// <summary>Why a resource is not hosted; null if it is.</summary>
    public string? FaultOf(string name) => _faults.GetValueOrDefault(name);

    /// <summary>The number of resources with a fault.</summary>
    public int Faulty => _faults.Count;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        cluster.Apps.Changed += (before, now) => _changedNames.Writer.TryWrite((now ?? before)!.Metadata.Name);
        Update(cluster.Apps.All.Select(resource => resource.Metadata.Name));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (await _changedNames.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new HashSet<string>(StringComparer.Ordinal);
            while (_changedNames.Reader.TryRead(out var read)) batch.Add(read);
            Update(batch);
        }
    }

    private void Update(IEnumerable<string> names)
    {
        var read = names.ToList();
        var changes = new List<KeyValuePair<string, HostedApp?>>();
        foreach (var name in read)
        {
            if (TryRead(name)) changes.Add(new(name, _entries.GetValueOrDefault(name)));
        }
        if (changes.Count > 0)
        {
            _current = _current.With(changes);
            _changes.Raise(Changed);
        }
        foreach (var name in read) _changes.Raise(Read, name);
    }

    /// <summary>An unexpected exception leaves the resource's app as it was; the others are read all the same.</summary>
    private bool TryRead(string name)
    {
        var changed = false;
        if (!Work.Try(() => changed = ReadAgain(name))) _faults[name] = "the resource could not be read; the gateway's log says why";
        return changed;
    }

    /// <summary>Reads one resource again; true if its app changed.</summary>
    private bool ReadAgain(string name)
    {
        if (!cluster.Apps.TryFind(name, out var resource))
        {
            _faults.TryRemove(name, out _);
            if (!_entries.Remove(name, out var gone)) return false;
            names.Gone(name, gone.Owner);
            return true;
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
            Alerts = AppAlertSettings.Of(app.Annotations),
        };
        if (_entries.TryGetValue(name, out var before) && before == entry) return false;
        _entries[name] = entry;
        names.Exists(name, app.Owner);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The app {App} is not hosted: {Fault}")]
    private partial void LogFault(string app, string fault);
}
