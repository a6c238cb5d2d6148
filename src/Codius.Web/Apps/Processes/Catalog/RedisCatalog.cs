using System.Threading.Channels;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>
/// The apps in the ledger's Redis as a snapshot. It listens before it reads, so that no change falls in between; each message
/// makes it read that one name; a version that moved by more (a message was lost), and now and then the mere time, all of them.
/// </summary>
internal sealed partial class RedisCatalog(
    IConnectionMultiplexer redis, Asset asset, Supervisor supervisor, TimeProvider time, ILogger<RedisCatalog> log)
    : SupervisedService(supervisor.Work("catalog")), IAppCatalog
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadAllEvery = TimeSpan.FromMinutes(5);

    private readonly SupervisedWork _changes = supervisor.Work("changes of the catalog");
    private readonly IDatabase _database = redis.GetDatabase();
    private readonly Channel<string> _names = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Dictionary<string, IndexEntry> _entries = new(StringComparer.Ordinal);
    private long _version;
    private long? _allReadAt;
    private volatile AppSnapshot _current = AppSnapshot.Empty;

    public event Action? Changed;

    public AppSnapshot Current => _current;

    /// <summary>Why it is not up to date; null if it is.</summary>
    public string? Trouble { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Fire and forget: it takes hold whenever the connection for messages is up, and until then the version tells.
        await redis.GetSubscriber()
            .SubscribeAsync(AppKeys.Changes, (_, name) => _names.Writer.TryWrite(name.ToString()), CommandFlags.FireAndForget);
        // Before the first visit: an app that is there must not be called unknown.
        await CatchUpAsync([]);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Brings the snapshot up to now.</summary>
    public async Task CatchUpAsync(IReadOnlyCollection<string> names)
    {
        // The version first: a change that comes between the two reads is read again, never missed.
        var version = (long)await _database.StringGetAsync(AppKeys.Version);
        var all = _allReadAt is not { } at || version - _version > names.Count || time.GetElapsedTime(at) >= ReadAllEvery;
        if (!all && names.Count == 0) return;
        if (all) await ReadAllAsync();
        else await ReadAsync(names);
        _version = version;
        _current = new AppSnapshot(AppsOf(_entries));
        _changes.Raise(Changed);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
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
                // Told once; tried again with the next tick. Visits go on with what was known.
                if (Trouble is null) LogTrouble(trouble.Message);
                Trouble = trouble.Message;
                if (trouble is not (RedisException or TimeoutException)) Work.Failed(trouble);
            }
            if (tick.IsCompleted) tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            if (message.IsCompleted) message = _names.Reader.WaitToReadAsync(stoppingToken).AsTask();
        }
    }

    private async Task ReadAsync(IReadOnlyCollection<string> names)
    {
        var asked = names.ToArray();
        var entries = await _database.HashGetAsync(AppKeys.Index, Array.ConvertAll(asked, name => (RedisValue)name));
        foreach (var (name, entry) in asked.Zip(entries))
        {
            if (entry.IsNull) _entries.Remove(name);
            else _entries[name] = IndexEntry.Read(entry!);
        }
    }

    private async Task ReadAllAsync()
    {
        var all = await _database.HashGetAllAsync(AppKeys.Index);
        // All of them are read before one is replaced: half a catalog would look as if the other half had been deleted.
        var read = all.Select(entry => KeyValuePair.Create((string)entry.Name!, IndexEntry.Read(entry.Value!))).ToList();
        _entries.Clear();
        foreach (var (name, entry) in read) _entries[name] = entry;
        _allReadAt = time.GetTimestamp();
    }

    /// <summary>Every name, and every hash as an app of its own: open to all, with its own balance.</summary>
    private Dictionary<string, HostedApp>.ValueCollection AppsOf(Dictionary<string, IndexEntry> entries)
    {
        var apps = entries.ToDictionary(pair => pair.Key, pair => AppOf(pair.Key, pair.Value), StringComparer.Ordinal);
        foreach (var entry in entries.Values) apps.TryAdd(entry.Hash, new HostedApp(entry.Hash, entry.Hash, entry.Image));
        return apps.Values;
    }

    private HostedApp AppOf(string name, IndexEntry entry) => new(
        name, entry.Hash, entry.Image,
        Balances.AccountId.TryParse(entry.Owner, out var owner) ? owner : null,
        asset.TryParse(entry.MaxSpendPerHour, out var cap) ? cap : null);

    [LoggerMessage(LogLevel.Warning, "The catalog of apps cannot be read, what is known stays: {Cause}")]
    private partial void LogTrouble(string cause);
}
