using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SoakLoad;

/// <summary>Hosts that strangers name as their wallets': each accepts and never answers. All addresses of 127.3.0.0/16 are such hosts.</summary>
internal sealed class SilentHosts : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Any, 0);

    public SilentHosts()
    {
        _listener.Start(backlog: 1_000);
        _ = HoldAsync();
    }

    /// <summary>A wallet address at one of them.</summary>
    public string AnyWallet()
    {
        var host = $"127.3.{RandomNumberGenerator.GetInt32(250)}.{RandomNumberGenerator.GetInt32(1, 250)}";
        return $"http://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/me";
    }

    public void Dispose() => _listener.Stop();

    private async Task HoldAsync()
    {
        try
        {
            while (true) _ = HoldAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static async Task HoldAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                await connection.GetStream().CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // The gateway gave up.
            }
        }
    }
}
