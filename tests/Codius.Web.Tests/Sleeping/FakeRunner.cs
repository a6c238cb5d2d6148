using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Sleeping;

/// <summary>A fake runner: the test sets an app's state, and sees when it is evaluated and put to sleep.</summary>
internal sealed class FakeRunner : IAppRunner
{
    // The second evaluation begins after the first one has ended; an earlier one may have been in progress already.
    private const int Evaluations = 3;

    private readonly ConcurrentDictionary<string, AppState> _states = new();
    private readonly Channel<string> _evaluations = Channel.CreateUnbounded<string>();
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

    /// <summary>Signals, and returns when all that was there before the call has been evaluated.</summary>
    public async Task EvaluatedAsync(HostedApp app, CancellationToken cancellation)
    {
        while (_evaluations.Reader.TryRead(out _))
        {
        }
        for (var count = 0; count < Evaluations; count++)
        {
            StateChanged?.Invoke(app.Name);
            await _evaluations.Reader.ReadAsync(cancellation);
        }
    }

    public AppState StateOf(HostedApp app) => StatusOf(app.Name).State;

    public AppStatus StatusOf(string name)
    {
        _evaluations.Writer.TryWrite(name);
        return new AppStatus(new HostedApp(name, "one", "hello"), _states.GetValueOrDefault(name, AppState.Asleep), default, null);
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
        // No watch evaluates it any more: a test that waits for evaluations must not hang.
        for (var count = 0; count < Evaluations; count++) _evaluations.Writer.TryWrite(app.Name);
        return Task.CompletedTask;
    }

    public AppState Wake(HostedApp app) => throw new NotSupportedException("Nothing here wakes apps");

    public void ReportUnreachable(HostedApp app, AppState.Awake state) => throw new NotSupportedException("Nothing here visits apps");

    public Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation) =>
        throw new NotSupportedException("Nothing here waits");
}
