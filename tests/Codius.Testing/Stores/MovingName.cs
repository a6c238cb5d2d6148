using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Codius.Testing.Stores;

/// <summary>
/// A TCP address that leads to another server from one connection to the next, as a name does after its DNS entry has changed:
/// connections that are open stay where they are.
/// </summary>
internal sealed class MovingName : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Task> _relays = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private readonly SemaphoreSlim _attempts = new(0);
    private volatile IStoreProcess? _target;

    public MovingName(IStoreProcess? target = null)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => _listener.LocalEndpoint.ToString()!;

    /// <summary>The server that new connections reach; null while there is none: they are closed at once.</summary>
    public IStoreProcess? Target { set => _target = value; }

    /// <summary>Completes when one more connection was attempted.</summary>
    public Task AttemptAsync(CancellationToken cancellation) => _attempts.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_relays);
        _end.Dispose();
        _attempts.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _relays.Add(RelayAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                return;
            }
            _attempts.Release();
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var _ = client;
        if (_target is not { } target) return;
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await server.ConnectAsync(new UnixDomainSocketEndPoint(target.ConnectionString[1..]), _end.Token);
            await using var here = new NetworkStream(client);
            await using var there = new NetworkStream(server);
            await Task.WhenAny(here.CopyToAsync(there, _end.Token), there.CopyToAsync(here, _end.Token));
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
        {
            // The end of this relay.
        }
    }
}
