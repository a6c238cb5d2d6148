using System.Threading.Channels;
using Codius.Web.Balances;

namespace Codius.Web.Pages.Following;

/// <summary>
/// What all event streams of one account, or of one version of an app, send: one watch of its balance, one timer, and one text of each
/// event, however many streams there are. Changes of balance and app only signal the loop, which then reads the state anew.
/// </summary>
internal sealed class EventFeed(
    Followed followed, StateReader reader, IBalanceChanges balances, AppStateChanges apps, TimeSpan heartbeat, TimeProvider time)
{
    // Capacity 1: a pending signal covers later ones.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private volatile Known? _latest;
    private volatile FeedEvent _current = new(null);

    public Followed Followed => followed;

    /// <summary>The latest event; a stream that is slow misses those in between.</summary>
    public FeedEvent Current => _current;

    /// <summary>The streams that follow it; changed under the lock of <see cref="EventFeeds"/>.</summary>
    public int Followers { get; set; }

    /// <summary>No stream follows it any more.</summary>
    public void Stop() => _signal.Writer.TryComplete();

    /// <summary>Runs until it is stopped or cancelled, or the ledger goes away: then browsers reconnect.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var following = followed.App is { } app ? apps.Follow(app.Name, () => _signal.Writer.TryWrite(true)) : null;
        await using var timer = time.CreateTimer(_ => _signal.Writer.TryWrite(true), null, heartbeat, heartbeat);
        var watching = WatchAsync(stop.Token);
        try
        {
            byte[] written = [];
            while (await _signal.Reader.WaitToReadAsync(cancellation))
            {
                while (_signal.Reader.TryRead(out _))
                {
                }
                if (_latest is not { } known) continue;
                var now = reader.Write(followed, known.Funds);
                var same = now.AsSpan().SequenceEqual(written);
                Publish(new FeedEvent(same ? _current.State : [.. "data: "u8, .. now, .. "\n\n"u8]));
                written = now;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The gateway is about to end.
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
            Publish(new FeedEvent(null, IsEnd: true));
        }
    }

    private void Publish(FeedEvent now)
    {
        var before = _current;
        _current = now;
        before.Supersede();
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var funds in balances.WatchAsync(followed.Account, cancellation))
            {
                _latest = new Known(funds);
                _signal.Writer.TryWrite(true);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or LedgerUnavailableException)
        {
            // Completing the signal ends the feed.
        }
        finally
        {
            _signal.Writer.TryComplete();
        }
    }

    /// <summary>Funds that were read at least once.</summary>
    private sealed record Known(ulong Funds);
}
