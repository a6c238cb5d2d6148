using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Sleeping;

/// <summary>A fake of what runs apps: the test says what state an app is in, and hears when it is looked at and put to sleep.</summary>
internal sealed class FakeRunner : IAppRunner
{
    // The second look begins after all of the first one was done; a first may have been on its way already.
    private const int Looks = 3;

    private readonly ConcurrentDictionary<string, AppState> _states = new();
    private readonly Channel<string> _looks = Channel.CreateUnbounded<string>();
    private readonly Channel<(string App, TimeSpan Grace)> _sleeps = Channel.CreateUnbounded<(string, TimeSpan)>();

    /// <summary>What the next call that puts an app to sleep throws.</summary>
    public Exception? SleepFails { get; set; }

    public event Action<string>? StateChanged;

    public IReadOnlyCollection<AppStatus> Statuses => [];

    public ChannelReader<(string App, TimeSpan Grace)> Sleeps => _sleeps.Reader;

    public void Become(HostedApp app, AppState state)
    {
        _states[app.Name] = state;
        StateChanged?.Invoke(app.Name);
    }

    /// <summary>Rings, and returns when everything was looked at that was there to see before.</summary>
    public async Task LookedAtAsync(HostedApp app, CancellationToken cancellation)
    {
        while (_looks.Reader.TryRead(out _))
        {
        }
        for (var looks = 0; looks < Looks; looks++)
        {
            StateChanged?.Invoke(app.Name);
            await _looks.Reader.ReadAsync(cancellation);
        }
    }

    public AppState StateOf(HostedApp app)
    {
        _looks.Writer.TryWrite(app.Name);
        return _states.GetValueOrDefault(app.Name, AppState.Asleep);
    }

    public Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation)
    {
        if (SleepFails is { } fails)
        {
            SleepFails = null;
            throw fails;
        }
        _sleeps.Writer.TryWrite((app.Name, grace));
        Become(app, AppState.Asleep);
        // Nobody looks at it any more: who waits for looks has seen all there was.
        for (var looks = 0; looks < Looks; looks++) _looks.Writer.TryWrite(app.Name);
        return Task.CompletedTask;
    }

    public AppState Wake(HostedApp app) => throw new NotSupportedException("Nothing here wakes apps");

    public void ReportUnreachable(HostedApp app, AppState.Awake state) => throw new NotSupportedException("Nothing here visits apps");

    public Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation) =>
        throw new NotSupportedException("Nothing here waits");
}
