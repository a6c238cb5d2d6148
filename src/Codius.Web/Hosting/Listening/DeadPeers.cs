using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Codius.Web.Hosting.Listening;

/// <summary>
/// Makes TCP notice that the other end of a connection is gone without having closed it: its machine lost power or its network. Without
/// this an idle WebSocket or event stream stays open for ever, and its app awake and billed.
/// </summary>
internal static class DeadPeers
{
    // Of Linux: how long data may stay unacknowledged. Keep-alive probes are only sent while nothing waits to be acknowledged, and data
    // is otherwise repeated for a quarter of an hour.
    private const int TcpUserTimeout = 18;

    public static void Notice(ConnectionContext connection, TimeSpan within)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket }) return;
        try
        {
            Notice(socket, within);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The connection's next read says so too.
        }
    }

    /// <summary>Probes start after a quarter of the time, and the last comes when the time is up.</summary>
    public static void Notice(Socket socket, TimeSpan within)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(within / 4));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(within / 8));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)within.TotalMilliseconds));
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds);
}
