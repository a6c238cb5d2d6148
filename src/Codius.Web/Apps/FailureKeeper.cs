using System.Collections.Concurrent;
using System.Threading.Channels;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps;

/// <summary>Keeps the failures that this gateway sees for the apps' owners, also of a newer version while the old one serves.</summary>
internal sealed class FailureKeeper(
    IAppRunner runner, IAppCatalog catalog, LastFailures failures, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("failures kept for owners"))
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // Bounded by the apps; a newer failure replaces one that was not written yet.
    private readonly ConcurrentDictionary<string, LastFailure> _unwritten = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LastFailure> _seen = new(StringComparer.Ordinal);
    private readonly Channel<bool> _signals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        runner.StateChanged += Keep;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        runner.StateChanged -= Keep;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var (name, failure) in _unwritten)
                {
                    if (catalog.Current.TryFind(name, out var app)) await failures.WriteAsync(app, failure);
                    _unwritten.TryRemove(KeyValuePair.Create(name, failure));
                }
                Work.Succeeded();
                await _signals.Reader.ReadAsync(stoppingToken);
            }
            catch (AppStoreUnavailableException)
            {
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    private void Keep(string name)
    {
        if (runner.StatusOf(name) is not { LastError: { } reason } status)
        {
            _seen.TryRemove(name, out _);
            return;
        }
        var failure = new LastFailure(time.GetUtcNow(), reason, status.LastOutput);
        // Later events of an app that serves, or whose start is refused for an earlier failure, are no failures.
        if (_seen.TryGetValue(name, out var seen) && seen with { At = failure.At } == failure
            && status.State is not AppState.Failed { Refused: false }) return;
        _seen[name] = _unwritten[name] = failure;
        _signals.Writer.TryWrite(true);
    }
}
