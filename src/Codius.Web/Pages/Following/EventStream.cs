using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Codius.Web.Balances;
using Microsoft.Extensions.Options;

namespace Codius.Web.Pages.Following;

/// <summary>
/// One open stream of server-sent events: the state at once, then each different state, and after a while without one
/// a heartbeat: a named event, since a page must hear it to notice a stream that falls silent.
/// Changes of balance and app only signal the loop, which then reads the state anew.
/// </summary>
internal sealed class EventStream(StateReader reader, IBalanceChanges balances, AppStateChanges apps, IOptions<PageOptions> options,
    TimeProvider time)
{
    // The delay before the browser reconnects after the gateway ended the stream.
    private static readonly byte[] Opening = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = "event: alive\ndata: {}\n\n"u8.ToArray();

    public async Task RunAsync(HttpResponse response, Followed followed, CancellationToken cancellation)
    {
        // Capacity 1: a pending signal covers later ones.
        var signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        var latest = new StrongBox<Known?>();
        using var following = followed.App is { } app ? apps.Follow(app.Name, () => signal.Writer.TryWrite(true)) : null;
        var period = options.Value.Heartbeat;
        await using var heartbeat = time.CreateTimer(_ => signal.Writer.TryWrite(true), null, period, period);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(followed.Account, latest, signal.Writer, stop.Token);
        try
        {
            await response.Body.WriteAsync(Opening, cancellation);
            await response.Body.FlushAsync(cancellation);
            byte[] written = [];
            while (await signal.Reader.WaitToReadAsync(cancellation))
            {
                while (signal.Reader.TryRead(out _))
                {
                }
                if (Volatile.Read(ref latest.Value) is not { } known) continue;
                var now = reader.Write(followed, known.Balance);
                if (now.AsSpan().SequenceEqual(written))
                {
                    await response.Body.WriteAsync(Heartbeat, cancellation);
                }
                else
                {
                    await response.Body.WriteAsync((byte[])[.. "data: "u8, .. now, .. "\n\n"u8], cancellation);
                    written = now;
                }
                await response.Body.FlushAsync(cancellation);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(AccountId account, StrongBox<Known?> latest, ChannelWriter<bool> signal, CancellationToken cancellation)
    {
        try
        {
            await foreach (var balance in balances.WatchAsync(account, cancellation))
            {
                Volatile.Write(ref latest.Value, new Known(balance));
                signal.TryWrite(true);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or LedgerUnavailableException)
        {
            // Completing the signal ends the stream; the browser reconnects.
        }
        finally
        {
            signal.TryComplete();
        }
    }

    /// <summary>A balance that was read at least once; the account itself may not exist yet.</summary>
    private sealed record Known(Balance? Balance);
}
