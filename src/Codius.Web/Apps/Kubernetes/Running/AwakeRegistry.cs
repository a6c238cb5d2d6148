using System.Threading.Channels;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Apps.Kubernetes.Running;

/// <summary>
/// The names that are awake, shared by all gateways: a hash in the ledger's Redis, name → the manifest hash that serves and, while a
/// newer version starts, its hash after a space. Writes are sequential and repeated until they succeed.
/// </summary>
internal sealed partial class AwakeRegistry(RedisStore store, Supervisor supervisor, TimeProvider time, ILogger<AwakeRegistry> log)
    : SupervisedService(supervisor.Work("awake names"))
{
    private static readonly RedisKey Key = "codius-apps:{all}:awake";
    private static readonly RedisChannel Channel = RedisChannel.Literal("codius-apps:awake-changed");
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Sets a name (empty: removes it) if its value is as expected (empty: whatever it is). A name that wakes is refused (0) if so many
    /// others of its owner are awake; the owner's set may have names that slept by another way, which are left out then.
    /// </summary>
    private const string Script = """
        local now = redis.call('HGET', KEYS[1], ARGV[1])
        if ARGV[2] ~= '' and now ~= ARGV[2] then return 1 end
        if KEYS[2] and ARGV[3] == '' then
          redis.call('SREM', KEYS[2], ARGV[1])
        elseif KEYS[2] then
          local others = 0
          for _, other in ipairs(redis.call('SMEMBERS', KEYS[2])) do
            if redis.call('HEXISTS', KEYS[1], other) == 0 then redis.call('SREM', KEYS[2], other)
            elseif other ~= ARGV[1] then others = others + 1 end
          end
          if not now and others >= tonumber(ARGV[4]) then return 0 end
          redis.call('SADD', KEYS[2], ARGV[1])
        end
        if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
        return 1
        """;

    private readonly SupervisedWork _reads = supervisor.Work("reads of awake names");
    private readonly Channel<(Write? Write, bool ReadAll)> _work =
        System.Threading.Channels.Channel.CreateUnbounded<(Write? Write, bool ReadAll)>(
            new UnboundedChannelOptions { SingleReader = true });

    /// <summary>All awake names were read again; the result includes all writes that were queued before.</summary>
    public event Action<IReadOnlyDictionary<string, AwakeName>>? Read;

    public string? Trouble { get; private set; }

    private IDatabase Database => store.Connection.GetDatabase();

    /// <summary>
    /// Writes a name as awake; completes when it is written, or with false: as many names of its owner are awake as may be, on the whole
    /// host.
    /// </summary>
    public Task<bool> SetAsync(HostedApp app, AwakeName awake, int maxPerOwner) =>
        EnqueueAsync(new Write(app.Name, app.CountsWith, "", awake.ToString(), maxPerOwner));

    /// <summary>Removes a name; completes when it is removed.</summary>
    public Task RemoveAsync(HostedApp app) => EnqueueAsync(new Write(app.Name, app.CountsWith, "", ""));

    /// <summary>Changes a name if it is still as expected; of two gateways that see the same change, one writes it.</summary>
    public Task ChangeAsync(HostedApp app, AwakeName expected, AwakeName? awake) =>
        EnqueueAsync(new Write(app.Name, app.CountsWith, expected.ToString(), awake?.ToString() ?? ""));

    /// <summary>All hashes that some name needs, read now.</summary>
    /// <exception cref="RedisException">The store does not answer.</exception>
    public async Task<HashSet<string>> ReadHashesAsync()
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in await Database.HashValuesAsync(Key)) hashes.UnionWith(value.ToString().Split(' '));
        return hashes;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.Connection.GetSubscriber()
            .SubscribeAsync(Channel, (_, _) => _work.Writer.TryWrite((null, true)), CommandFlags.FireAndForget);
        // Before the first visit: an app that is awake must not be woken and charged again.
        await ReadAllAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // Also without a message: one may have been lost.
        await using var timer = SharedTicks.Call(() => _work.Writer.TryWrite((null, true)), ReadEvery, time);
        while (await _work.Reader.WaitToReadAsync(stoppingToken))
        {
            var readAll = false;
            while (_work.Reader.TryRead(out var work))
            {
                readAll |= work.ReadAll;
                if (work.Write is { } write) await WriteAsync(write, stoppingToken);
            }
            // After all queued writes, so that the result includes them.
            if (readAll) await ReadAllAsync();
            Work.Succeeded();
        }
    }

    private Task<bool> EnqueueAsync(Write write)
    {
        _work.Writer.TryWrite((write, false));
        return write.Done.Task;
    }

    private async Task WriteAsync(Write write, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                RedisKey[] keys = write.CountsWith is { } owner ? [Key, OwnersKey(owner)] : [Key];
                var written = (bool)await Database.ScriptEvaluateAsync(
                    Script, keys, [write.Name, write.Expected, write.Value, write.MaxPerOwner]);
                await Database.PublishAsync(Channel, write.Name, CommandFlags.FireAndForget);
                Trouble = null;
                write.Done.TrySetResult(written);
                return;
            }
            catch (Exception trouble) when (trouble is RedisException or TimeoutException)
            {
                Report(trouble);
                await Task.Delay(RetryAfter, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception unforeseen)
            {
                // Given up, so that it blocks neither the other writes nor its caller; with the next read this gateway sees the name
                // as the store has it.
                write.Done.TrySetException(unforeseen);
                throw;
            }
        }
        write.Done.TrySetCanceled(end);
    }

    private async Task ReadAllAsync()
    {
        try
        {
            var all = await Database.HashGetAllAsync(Key);
            Trouble = null;
            _reads.Raise(Read, all.ToDictionary(
                entry => entry.Name.ToString(), entry => AwakeName.Parse(entry.Value.ToString()), StringComparer.Ordinal));
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            Report(trouble);
        }
    }

    /// <summary>Set: the awake names that count together, an owner's.</summary>
    private static RedisKey OwnersKey(string owner) => $"codius-apps:{{all}}:awake-of:{owner}";

    private void Report(Exception trouble)
    {
        if (Trouble is null) LogTrouble(trouble.Message);
        Trouble = trouble.Message;
    }

    [LoggerMessage(LogLevel.Warning, "Which apps are awake cannot be shared with other gateways now: {Cause}")]
    private partial void LogTrouble(string cause);

    /// <param name="MaxPerOwner">Matters to a name that wakes; the others do not add one.</param>
    private sealed record Write(string Name, string? CountsWith, string Expected, string Value, int MaxPerOwner = int.MaxValue)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The hashes an awake name needs: the one that serves it, and the one that takes over once it is awake.</summary>
internal readonly record struct AwakeName(string Serving, string? Next = null)
{
    public static AwakeName Parse(string text) => text.Split(' ') is [var serving, var next] ? new(serving, next) : new(text);

    public override string ToString() => Next is null ? Serving : $"{Serving} {Next}";
}
