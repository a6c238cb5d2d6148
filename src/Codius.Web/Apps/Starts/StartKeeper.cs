using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Starts;

/// <summary>
/// Records how the starts end that this gateway sees, if it is the one that puts apps to sleep: the others see the same starts. A start
/// that ends while none does is not recorded.
/// </summary>
internal sealed class StartKeeper(
    IAppRunner runner, IActivityView activity, StartRecords records, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("records of starts"))
{
    private const int MostUnwritten = 1000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // Bounded by the apps that are not asleep.
    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly Channel<(string Name, StartRecord Start)> _unwritten = Channel.CreateBounded<(string Name, StartRecord Start)>(
        new BoundedChannelOptions(MostUnwritten) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // What is awake already did not start now.
        foreach (var status in runner.Statuses) _seen[status.App.Name] = Seen.Of(status, null);
        runner.StateChanged += Follow;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        runner.StateChanged -= Follow;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var (name, start) in _unwritten.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryWriteAsync(name, start)) await Task.Delay(RetryAfter, time, stoppingToken);
            Work.Succeeded();
        }
    }

    private async Task<bool> TryWriteAsync(string name, StartRecord start)
    {
        try
        {
            await records.AddAsync(name, start);
            return true;
        }
        catch (AppStoreUnavailableException)
        {
            return false;
        }
    }

    private void Follow(string name)
    {
        if (runner.StatusOf(name) is not { } status)
        {
            _seen.TryRemove(name, out _);
            return;
        }
        _seen.TryGetValue(name, out var before);
        var began = status.State is AppState.WakingState ? before?.Began ?? time.GetTimestamp() : (long?)null;
        _seen[name] = Seen.Of(status, began);
        if (EndOf(status, before) is { } end && activity.Decides) _unwritten.Writer.TryWrite((name, end));
    }

    private StartRecord? EndOf(AppStatus status, Seen? before)
    {
        var took = before?.Began is { } at ? (long)time.GetElapsedTime(at).TotalMilliseconds : (long?)null;
        return status.State switch
        {
            // A refusal starts nothing; the failure that it repeats was recorded.
            AppState.Failed { Refused: false } failed when !ReferenceEquals(failed, before?.State) =>
                new StartRecord(time.GetUtcNow(), failed.Cause, failed.Reason, took),
            // A newer version, while the old one serves on.
            AppState.Awake when status.LastError is { } error && error != before?.LastError =>
                new StartRecord(time.GetUtcNow(), FailureCause.App, error, null),
            AppState.Awake when before?.State is not AppState.Awake => new StartRecord(time.GetUtcNow(), null, null, took),
            _ => null,
        };
    }

    private sealed record Seen(AppState State, string? LastError, long? Began)
    {
        public static Seen Of(AppStatus status, long? began) => new(status.State, status.LastError, began);
    }
}
