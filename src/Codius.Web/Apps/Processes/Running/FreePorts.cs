using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Allocates ports that no program listens on. Another program may bind one before the app does: the app then fails to start,
/// <see cref="IsTaken"/> shows why, and it is started again on another port.
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
            // Two apps that start at the same time must not get the same one.
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

    /// <summary>True if a program listens on the port now.</summary>
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
