using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Codius.Web.Balances.Storage;

/// <summary>
/// The sockets of a connection to Redis, to be closed when Redis takes no writes: its name may have moved to another address, which
/// only a new socket resolves, while the old server keeps the old socket open (a fail-over by DNS).
/// </summary>
internal sealed class RedisSockets(TimeProvider time) : Tunnel
{
    /// <summary>
    /// After this time without a sign that Redis has received it, a call is lost for good: the system closes the socket, instead of sending
    /// for a quarter of an hour.
    /// </summary>
    public static TimeSpan Lost { get; } = TimeSpan.FromSeconds(30);

    private const int Tcp = 6, TcpUserTimeout = 18; // of Linux

    private readonly Lock _gate = new();
    private readonly List<(WeakReference<Socket> Socket, long OpenedAt)> _opened = [];

    public override ValueTask BeforeSocketConnectAsync(
        EndPoint endPoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is null) return ValueTask.CompletedTask;
        if (OperatingSystem.IsLinux() && socket.ProtocolType == ProtocolType.Tcp)
            socket.SetRawSocketOption(Tcp, TcpUserTimeout, BitConverter.GetBytes((int)Lost.TotalMilliseconds));
        lock (_gate)
        {
            _opened.RemoveAll(opened => !opened.Socket.TryGetTarget(out _));
            _opened.Add((new WeakReference<Socket>(socket), time.GetTimestamp()));
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Closes the sockets that were opened longer ago than <paramref name="age"/>; the connection then opens new ones by itself. The
    /// outcome of calls in flight is unknown, as after any lost connection.
    /// </summary>
    public void CloseOlderThan(TimeSpan age)
    {
        lock (_gate)
        {
            _opened.RemoveAll(opened =>
            {
                if (time.GetElapsedTime(opened.OpenedAt) < age) return false;
                if (opened.Socket.TryGetTarget(out var socket)) Close(socket);
                return true;
            });
        }
    }

    private static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // It has lost its connection already.
        }
    }
}
