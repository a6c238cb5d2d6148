using System.Collections.Frozen;
using System.Threading.Channels;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Steering;

/// <summary>
/// What is set for apps, in the ledger's Redis, and all of it in memory: only the host's owner sets something, so it is little. A message
/// makes each gateway read it again; so does a version that rose without one, within a few seconds.
/// </summary>
internal sealed partial class RedisSteering(RedisStore store, Supervisor supervisor, TimeProvider time, ILogger<RedisSteering> log)
    : SupervisedService(supervisor.Work("steering of apps")), IAppSteering
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);

    private readonly SupervisedWork _changes = supervisor.Work("changed steering of apps");
    private readonly SemaphoreSlim _reading = new(1);
    private readonly Channel<bool> _messages = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private volatile FrozenDictionary<string, AppSteering> _all = FrozenDictionary<string, AppSteering>.Empty;
    private volatile IReadOnlyList<string> _unreadable = [];
    private long _version = -1;
    private bool _inTrouble;

    public event Action<string>? Changed;

    public IReadOnlyDictionary<string, AppSteering> All => _all;

    public IReadOnlyList<string> Unreadable => _unreadable;

    private IDatabase Database => store.Connection.GetDatabase();

    public AppSteering Of(string name) => _all.TryGetValue(name, out var steering) ? steering : AppSteering.None;

    public async ValueTask<AppSteering> ReadAsync(string name, CancellationToken cancellation)
    {
        var text = await ExecuteAsync(async () => (string?)await Database.HashGetAsync(SteeringScripts.Entries, name), cancellation);
        // An entry that cannot be read is replaced by the next change, which must know the version that its script finds there.
        return text is null ? AppSteering.None
            : SteeringEntry.Read(text) ?? InsteadOf(text, _all.GetValueOrDefault(name)) with { Version = SteeringEntry.VersionOf(text) };
    }

    public async ValueTask<SteeringResult> ChangeAsync(
        string name, AppSteering next, long expectedVersion, CancellationToken cancellation) =>
        await TryRunAsync(SteeringScripts.Change, name, [name, expectedVersion, SteeringEntry.Write(next)], cancellation);

    public async ValueTask<SteeringResult> RequestSleepAsync(string name, CancellationToken cancellation) =>
        await TryRunAsync(SteeringScripts.Sleep, name, [name], cancellation);

    public async ValueTask ForgetAsync(string name, CancellationToken cancellation) =>
        await ExecuteAsync(() => RunAsync(SteeringScripts.Forget, name, [name]), cancellation);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Fire and forget: it takes effect once the subscription connection is up; until then the version shows changes.
        await store.Connection.GetSubscriber()
            .SubscribeAsync(SteeringScripts.Changes, (_, _) => _messages.Writer.TryWrite(true), CommandFlags.FireAndForget);
        // Before the first visit: an app that is blocked must not be visited.
        await store.DuringStartAsync(CatchUpAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var timer = SharedTicks.Call(() => _messages.Writer.TryWrite(true), PollEvery, time);
        while (await _messages.Reader.WaitToReadAsync(stoppingToken))
        {
            _messages.Reader.TryRead(out _);
            try
            {
                await CatchUpAsync();
                _inTrouble = false;
                Work.Succeeded();
            }
            catch (Exception trouble) when (StoreTrouble.Is(trouble))
            {
                // Logged once; tried again with the next tick. What is known stays in force.
                if (!_inTrouble) LogTrouble(trouble.Message);
                _inTrouble = true;
            }
        }
    }

    /// <summary>Brings the memory up to date; one at a time, so that an older read never replaces a newer one.</summary>
    private async Task CatchUpAsync()
    {
        await _reading.WaitAsync();
        try
        {
            // The version first: a change that comes between the two reads is read again, never missed.
            var version = (long)await Database.StringGetAsync(SteeringScripts.Version);
            if (version == _version) return;
            Apply(await Database.HashGetAllAsync(SteeringScripts.Entries));
            _version = version;
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Apply(HashEntry[] entries)
    {
        var before = _all;
        var now = new Dictionary<string, AppSteering>(entries.Length, StringComparer.Ordinal);
        var unreadable = new List<string>();
        foreach (var entry in entries)
        {
            var name = entry.Name.ToString();
            if (SteeringEntry.Read(entry.Value) is { } read)
            {
                now[name] = read;
                continue;
            }
            now[name] = InsteadOf($"{entry.Value}", before.GetValueOrDefault(name));
            unreadable.Add(name);
            LogUnreadable(name, now[name].IsBlocked);
        }
        unreadable.Sort(StringComparer.Ordinal);
        _unreadable = unreadable;
        _all = now.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var name in before.Keys.Union(now.Keys))
        {
            if (before.GetValueOrDefault(name) != now.GetValueOrDefault(name)) _changes.Raise(Changed, name);
        }
    }

    // What cannot be read stays as it was: an app that is blocked stays blocked. A gateway that starts has nothing of before: it blocks.
    private static AppSteering InsteadOf(string unreadable, AppSteering? known) =>
        known ?? AppSteering.Unreadable with { Version = SteeringEntry.VersionOf(unreadable) };

    private async Task<SteeringResult> TryRunAsync(string script, string name, RedisValue[] arguments, CancellationToken cancellation)
    {
        try
        {
            return await ExecuteAsync(() => RunAsync(script, name, arguments), cancellation)
                ? SteeringResult.Done : SteeringResult.Conflict;
        }
        catch (AppStoreUnavailableException)
        {
            return SteeringResult.Unavailable;
        }
    }

    private async Task<bool> RunAsync(string script, string name, RedisValue[] arguments)
    {
        var done = (bool)await Database.ScriptEvaluateAsync(script, SteeringScripts.Keys, arguments);
        // A crash before this line: the others see the risen version within a few seconds.
        if (done) await Database.PublishAsync(SteeringScripts.Changes, name, CommandFlags.FireAndForget);
        await CatchUpAsync();
        return done;
    }

    // The token only keeps the call from being sent: one that was sent is done.
    private static async Task<T> ExecuteAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await call();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            throw new AppStoreUnavailableException("The store of what is set for apps did not answer.", trouble);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What the host's owner set for apps cannot be read, what is known stays in force: {Cause}")]
    private partial void LogTrouble(string cause);

    [LoggerMessage(LogLevel.Error,
        "What the owner set for the app {App} cannot be read; until it is set again, what was known holds, blocked: {IsBlocked}")]
    private partial void LogUnreadable(string app, bool isBlocked);
}
