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
    private Dictionary<string, HostedApp> _entries = new(StringComparer.Ordinal);
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
        var changes = all ? await ReadAllAsync() : await ReadAsync(names);
        _version = version;
        if (_unreadable.IsEmpty) _reads.Succeeded();
        if (changes.Count > 0) _current = _current.With(changes);
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

    private async Task<List<KeyValuePair<string, HostedApp?>>> ReadAsync(IReadOnlyCollection<string> names)
    {
        var requested = names.ToArray();
        var entries = await _database.HashGetAsync(AppKeys.Index, Array.ConvertAll(requested, name => (RedisValue)name));
        var changes = new List<KeyValuePair<string, HostedApp?>>();
        foreach (var (name, entry) in requested.Zip(entries))
        {
            _unreadable = _unreadable.Remove(name);
            if (entry.IsNull)
            {
                if (_entries.Remove(name)) changes.Add(new(name, null));
            }
            else if (TryRead(name, entry) is { } app && _entries.GetValueOrDefault(name) != app)
            {
                _entries[name] = app;
                changes.Add(new(name, app));
            }
        }
        return changes;
    }

    private async Task<List<KeyValuePair<string, HostedApp?>>> ReadAllAsync()
    {
        var all = await _database.HashGetAllAsync(AppKeys.Index);
        // All of them are read before one is replaced: half a catalog would look as if the other half had been deleted.
        var entries = new Dictionary<string, HostedApp>(all.Length, StringComparer.Ordinal);
        var changes = new List<KeyValuePair<string, HostedApp?>>();
        _unreadable = _unreadable.Clear();
        foreach (var entry in all)
        {
            var name = entry.Name.ToString();
            var before = _entries.GetValueOrDefault(name);
            if ((TryRead(name, entry.Value) ?? before) is not { } app) continue;
            // The same object for the same app: what compares two snapshots finds it unchanged at once.
            entries[name] = app == before ? before : app;
            if (app != before) changes.Add(new(name, app));
        }
        foreach (var name in _entries.Keys.Where(name => !entries.ContainsKey(name))) changes.Add(new(name, null));
        _entries = entries;
        _allReadAt = time.GetTimestamp();
        return changes;
    }

    /// <summary>Reads one entry; one that cannot be read is reported, and its app stays as it was: null.</summary>
    private HostedApp? TryRead(string name, RedisValue json)
    {
        try
        {
            var entry = IndexEntry.Read(json!);
            _ = AccountId.OfApp(entry.Hash); // an app of its own besides, with an account
            return AppOf(name, entry);
        }
        catch (Exception unreadable)
        {
            _unreadable = _unreadable.SetItem(name, unreadable.Message);
            _reads.Failed(new JsonException($"The index entry of the app '{name}' cannot be read: {unreadable.Message}", unreadable));
            return null;
        }
    }

    private HostedApp AppOf(string name, IndexEntry entry) => new(
        name, entry.Hash, entry.Image,
        AccountId.TryParse(entry.Owner, out var owner) ? owner : null,
        asset.TryParse(entry.MaxSpendPerHour, out var cap) ? cap : null)
    {
        Visits = entry.Visits ?? VisitSettings.None,
        Presentation = entry.Presentation,
        Alerts = entry.Alerts,
    };

    [LoggerMessage(LogLevel.Warning, "The catalog of apps cannot be read, what is known stays: {Cause}")]
    private partial void LogTrouble(string cause);
}
