using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SoakLoad;

/// <summary>HTTP clients at addresses of their own: all of 127.0.0.0/8 is this machine.</summary>
internal sealed class ClientAddresses : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient[] _clients;
    private readonly int _port;

    /// <param name="network">The second byte of the addresses: 127.network.0.1 and on.</param>
    /// <param name="count">How many of them, at most 60,000.</param>
    /// <param name="port">The gateway's port.</param>
    public ClientAddresses(byte network, int count, int port)
    {
        _port = port;
        _clients = [.. Enumerable.Range(0, count).Select(number =>
        {
            var address = new IPAddress([127, network, (byte)(number / 250), (byte)(number % 250 + 1)]);
            var handler = new SocketsHttpHandler
            {
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
                ConnectCallback = async (_, cancellation) => await ConnectAsync(address, cancellation),
            };
            return new HttpClient(handler) { Timeout = Patience };
        })];
    }

    public int Count => _clients.Length;

    public HttpClient this[int number] => _clients[number % _clients.Length];

    public HttpClient Any() => this[RandomNumberGenerator.GetInt32(_clients.Length)];

    /// <summary>A connection without HTTP, from the address of this number.</summary>
    public Task<NetworkStream> ConnectAsync(int number, CancellationToken cancellation) =>
        ConnectAsync(new IPAddress([127, 9, (byte)(number / 250), (byte)(number % 250 + 1)]), cancellation);

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }

    private async Task<NetworkStream> ConnectAsync(IPAddress from, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
