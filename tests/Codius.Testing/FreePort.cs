using System.Net;
using System.Net.Sockets;

namespace Codius.Testing;

/// <summary>A port that is free now, for a program that must know its own address before it starts.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
