using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Codius.Testing.Stores;

/// <summary>A real TCP proxy in front of a store, whose connections can be cut, slowed down, made silent, or lose their replies.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    // A round trip of 200 ms: a store on another continent.
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Relay, Task> _relays = new();
    private readonly CancellationTokenSource _end = new();
    private readonly IStoreProcess _store;
    private readonly Task _accepting;
    private volatile LinkFault _fault;
    private int _accepted;

    public FaultyLink(IStoreProcess store)
    {
        _store = store;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => _listener.LocalEndpoint.ToString()!;

    /// <summary>Holds for open connections and for new ones, from the next byte on.</summary>
    public LinkFault Fault { get => _fault; set => _fault = value; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Resets all connections that are open.</summary>
    public void Cut()
    {
        foreach (var relay in _relays.Keys) relay.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        await Task.WhenAll(_relays.Values);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var relay = new Relay(await _listener.AcceptSocketAsync(_end.Token));
                Interlocked.Increment(ref _accepted);
                _relays[relay] = RunAsync(relay);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task RunAsync(Relay relay)
    {
        await Task.Yield(); // so that it is in the list before it can be removed
        try
        {
            if (_fault == LinkFault.Refuses) return;
            await relay.Server.ConnectAsync(new UnixDomainSocketEndPoint(_store.ConnectionString[1..]), _end.Token);
            await Task.WhenAny(PumpAsync(relay, relay.Client, relay.Server), PumpAsync(relay, relay.Server, relay.Client));
        }
        catch (Exception broken) when (IsEnd(broken))
        {
            // The store is not there.
        }
        finally
        {
            relay.Reset();
            _relays.TryRemove(relay, out _);
        }
    }

    private async Task PumpAsync(Relay relay, Socket from, Socket to)
    {
        var (buffer, lost) = (new byte[64 * 1024], false);
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                var fault = _fault;
                // What lacks bytes in the middle is no connection any more, also when the fault is over.
                lost |= fault == LinkFault.Silent || (fault == LinkFault.LosesReplies && from == relay.Server);
                if (lost) continue;
                if (fault == LinkFault.Slow) await Task.Delay(Delay, TimeProvider.System, _end.Token);
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _end.Token);
            }
        }
        catch (Exception broken) when (IsEnd(broken))
        {
            // The end of this connection.
        }
    }

    private static bool IsEnd(Exception exception) =>
        exception is SocketException or OperationCanceledException or ObjectDisposedException;

    /// <summary>One connection through the proxy.</summary>
    private sealed class Relay(Socket client)
    {
        public Socket Client { get; } = client;

        public Socket Server { get; } = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        /// <summary>RST, not FIN: as when a middlebox drops it.</summary>
        public void Reset()
        {
            try
            {
                Client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
            Client.Dispose();
            Server.Dispose();
        }
    }
}
