using System.Net;
using System.Net.Sockets;

namespace Codius.Testing;

/// <summary>A port nobody listens on now, for a program that must be told its own address before it starts.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
