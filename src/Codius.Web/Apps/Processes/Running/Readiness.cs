using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Waits until a process accepts connections.</summary>
internal static class Readiness
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    public static async Task WhenListeningAsync(int port, TimeProvider time, CancellationToken cancellation)
    {
        for (var wait = ShortestWait; !await TryConnectAsync(port, cancellation); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            await Task.Delay(wait, time, cancellation);
    }

    private static async Task<bool> TryConnectAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        }
        catch (SocketException)
        {
            return false;
        }
        // On loopback a socket whose local port is the one it connects to is connected to itself: no process listens there.
        return !socket.LocalEndPoint!.Equals(socket.RemoteEndPoint);
    }
}
