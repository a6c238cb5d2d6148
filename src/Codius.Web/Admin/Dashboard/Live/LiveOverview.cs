using System.Text.Json;
using System.Threading.Channels;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Dashboard.Live;

/// <summary>
/// Keeps all open overviews up to date: one read and one rendering for all of them, every two seconds while there is any, and soon after
/// something happened. Each event is one part that changed.
/// </summary>
internal sealed class LiveOverview(
    OverviewReader reader, OverviewParts parts, Happenings happenings, IAlerts alerts, Drain drain, Supervisor supervisor,
    TimeProvider time)
{
    /// <summary>How many streams a gateway has open at most.</summary>
    public const int MaxStreams = 50;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(500);

    // Capacity 1: a pending signal covers later ones.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SupervisedWork _work = supervisor.Work("live dashboard");
    private readonly Lock _gate = new();
    private volatile LiveState _current = LiveState.Nothing;
    private CancellationTokenSource? _running;
    private int _followers;

    /// <summary>The parts as they are now.</summary>
    public LiveState Current => _current;

    /// <summary>Begins to follow; null if too many do. Disposing ends it.</summary>
    public IDisposable? TryEnter()
    {
        lock (_gate)
        {
            if (_followers >= MaxStreams) return null;
            if (++_followers == 1)
            {
                _running = CancellationTokenSource.CreateLinkedTokenSource(drain.StreamsEnd);
                var end = _running.Token;
                _ = _work.TryAsync(() => RunAsync(end));
            }
        }
        return new Following(this);
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_followers > 0) return;
            _running!.Cancel();
            _running.Dispose();
            _running = null;
            Publish(LiveState.Nothing);
        }
    }

    private async Task RunAsync(CancellationToken end)
    {
        happenings.Changed += Signal;
        alerts.Changed += Signal;
        await using var timer = time.CreateTimer(_ => Signal(), null, Pace, Pace);
        try
        {
            Signal();
            while (await _signal.Reader.WaitToReadAsync(end))
            {
                while (_signal.Reader.TryRead(out _))
                {
                }
                await _work.TryAsync(() => RenderAsync(end), end);
                await Task.Delay(Soonest, time, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // No client follows any more, or the gateway is about to end.
        }
        finally
        {
            happenings.Changed -= Signal;
            alerts.Changed -= Signal;
            if (drain.StreamsEnd.IsCancellationRequested) Publish(LiveState.End);
        }
    }

    private void Signal() => _signal.Writer.TryWrite(true);

    private async Task RenderAsync(CancellationToken end)
    {
        try
        {
            var rendered = await parts.RenderAsync(await reader.ReadAsync(end));
            var before = _current;
            Dictionary<string, LivePart> now = [];
            var differs = false;
            foreach (var (name, html) in rendered)
            {
                var known = before.Parts.GetValueOrDefault(name);
                differs |= known?.Html != html;
                now[name] = known?.Html == html ? known : new LivePart(html, EventOf(name, html));
            }
            if (differs && !end.IsCancellationRequested) Publish(new LiveState(now));
        }
        catch (LedgerUnavailableException)
        {
            // What is shown stays; the next round reads again.
        }
    }

    private void Publish(LiveState now)
    {
        var before = _current;
        _current = now;
        before.Supersede();
    }

    private static byte[] EventOf(string name, string html) =>
        [.. "event: part\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(new { name, html }), .. "\n\n"u8];

    private sealed class Following(LiveOverview live) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) live.Leave();
        }
    }
}
