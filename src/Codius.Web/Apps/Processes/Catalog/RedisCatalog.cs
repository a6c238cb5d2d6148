using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>
/// The apps in the ledger's Redis as a snapshot. It subscribes before it reads, so that no change falls in between. Each message
/// makes it read that one name; a version that rose by more (a message was lost) makes it read all of them, as does a timer.
/// </summary>
internal sealed partial class RedisCatalog(
    RedisStore store, Asset asset, Supervisor supervisor, TimeProvider time, ILogger<RedisCatalog> log)
    : SupervisedService(supervisor.Work("catalog")), IAppCatalog
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadAllEvery = TimeSpan.FromMinutes(5);

    private readonly SupervisedWork _changes = supervisor.Work("changes of the catalog");
    private readonly SupervisedWork _reads = supervisor.Work("catalog");
    private readonly IDatabase _database = store.Connection.GetDatabase();
    private readonly Channel<string> _names = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private Dictionary<string, (HostedApp Named, HostedApp Hashed)> _entries = new(StringComparer.Ordinal);
    private volatile ImmutableSortedDictionary<string, string> _unreadable =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private long _version;
    private long? _allReadAt;
    private volatile AppSnapshot _current = AppSnapshot.Empty;

    public event Action? Changed;

    public AppSnapshot Current => _current;

    /// <summary>Why it is not up to date; null if it is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The names whose entries cannot be read, with the reasons.</summary>
    public ImmutableSortedDictionary<string, string> Unreadable => _unreadable;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Fire and forget: it takes effect once the subscription connection is up; until then the version shows changes.
        await store.Connection.GetSubscriber()
            .SubscribeAsync(AppKeys.Changes, (_, name) => _names.Writer.TryWrite(name.ToString()), CommandFlags.FireAndForget);
        // Before the first visit: a visit to an app that exists must not get 404.
        await store.DuringStartAsync(() => CatchUpAsync([]), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Brings the snapshot up to date.</summary>
    public async Task CatchUpAsync(IReadOnlyCollection<string> names)
    {
        // The version first: a change that comes between the two reads is read again, never missed.
        var version = (long)await _database.StringGetAsync(AppKeys.Version);
        var all = _allReadAt is not { } at || version - _version > names.Count || time.GetElapsedTime(at) >= ReadAllEvery;
        if (!all && names.Count == 0) return;
        if (all) await ReadAllAsync();
        else await ReadAsync(names);
        _version = version;
        if (_unreadable.IsEmpty) _reads.Succeeded();
        _current = new AppSnapshot(Apps());
        _changes.Raise(Changed);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollEvery, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var message = _names.Reader.WaitToReadAsync(stoppingToken).AsTask();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(tick, message); // both end with the token
            while (_names.Reader.TryRead(out var name)) names.Add(name);
            try
            {
                await CatchUpAsync(names);
                names.Clear();
                Trouble = null;
                Work.Succeeded();
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                // Logged once; tried again with the next tick. Visits go on with the last snapshot.
                if (Trouble is null) LogTrouble(trouble.Message);
                Trouble = trouble.Message;
                if (!StoreTrouble.Is(trouble)) Work.Failed(trouble);
            }
            if (tick.IsCompleted) tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            if (message.IsCompleted) message = _names.Reader.WaitToReadAsync(stoppingToken).AsTask();
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<string> names)
    {
        var requested = names.ToArray();
        var entries = await _database.HashGetAsync(AppKeys.Index, Array.ConvertAll(requested, name => (RedisValue)name));
        foreach (var (name, entry) in requested.Zip(entries))
        {
            _unreadable = _unreadable.Remove(name);
            if (entry.IsNull) _entries.Remove(name);
            else if (TryRead(name, entry, out var apps)) _entries[name] = apps;
        }
    }

    private async Task ReadAllAsync()
    {
        var all = await _database.HashGetAllAsync(AppKeys.Index);
        // All of them are read before one is replaced: half a catalog would look as if the other half had been deleted.
        var entries = new Dictionary<string, (HostedApp Named, HostedApp Hashed)>(all.Length, StringComparer.Ordinal);
        _unreadable = _unreadable.Clear();
        foreach (var entry in all)
        {
            var name = entry.Name.ToString();
            if (TryRead(name, entry.Value, out var apps) || _entries.TryGetValue(name, out apps)) entries[name] = apps;
        }
        _entries = entries;
        _allReadAt = time.GetTimestamp();
    }

    /// <summary>Reads one entry; one that cannot be read is reported, and its app stays as it was.</summary>
    private bool TryRead(string name, RedisValue json, out (HostedApp Named, HostedApp Hashed) apps)
    {
        try
        {
            var entry = IndexEntry.Read(json!);
            var app = AppOf(name, entry);
            apps = (app, HostedApp.OfHash(entry.Hash, entry.Image, app.Owner));
            return true;
        }
        catch (Exception unreadable)
        {
            _unreadable = _unreadable.SetItem(name, unreadable.Message);
            _reads.Failed(new JsonException($"The index entry of the app '{name}' cannot be read: {unreadable.Message}", unreadable));
            apps = default;
            return false;
        }
    }

    /// <summary>Every name, and every hash as an app of its own: open to all, with its own balance.</summary>
    private Dictionary<string, HostedApp>.ValueCollection Apps()
    {
        var apps = _entries.ToDictionary(pair => pair.Key, pair => pair.Value.Named, StringComparer.Ordinal);
        foreach (var (_, hashed) in _entries.Values) apps.TryAdd(hashed.Name, hashed);
        return apps.Values;
    }

    private HostedApp AppOf(string name, IndexEntry entry) => new(
        name, entry.Hash, entry.Image,
        AccountId.TryParse(entry.Owner, out var owner) ? owner : null,
        asset.TryParse(entry.MaxSpendPerHour, out var cap) ? cap : null)
    {
        Visits = entry.Visits ?? VisitSettings.None,
        Presentation = entry.Presentation,
    };

    [LoggerMessage(LogLevel.Warning, "The catalog of apps cannot be read, what is known stays: {Cause}")]
    private partial void LogTrouble(string cause);
}
