using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Hands out ports nobody listens on. Between here and the app's own bind another program may take one: the app then fails to
/// start, <see cref="IsTaken"/> tells why, and it is started again on another port.
/// </summary>
internal sealed class FreePorts
{
    private readonly HashSet<int> _allocated = [];
    private readonly Lock _lock = new();

    public int Allocate()
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            // Two apps that start together must not be given the same one.
            lock (_lock)
            {
                if (_allocated.Add(port)) return port;
            }
        }
    }

    public void Release(int port)
    {
        lock (_lock) _allocated.Remove(port);
    }

    /// <summary>True if somebody holds the port now.</summary>
    public static bool IsTaken(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
