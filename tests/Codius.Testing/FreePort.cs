using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Codius.Testing;

/// <summary>
/// A port that is free now, for a program that must know its own address before it starts. Below those that the system hands out to
/// programs that ask for any port, so that no other test gets it meanwhile.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000;
    private const int Last = 29_999;
    private static readonly HashSet<int> Found = [];

    public static int Find()
    {
        lock (Found)
        {
            while (true)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last + 1);
                if (IsFree(port) && Found.Add(port)) return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
