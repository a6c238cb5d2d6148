using System.Net;
using System.Net.Sockets;

namespace OpenPayments.Net.Clients;

/// <summary>
/// Fetches URLs that others choose, safe against SSRF: https on port 443 only, public addresses only (checked after DNS
/// resolution, on the address that is connected to, so that DNS rebinding does not help), no redirects, no proxy, no cookies, 3 s, 64 KiB, at most 500 connections at a time.
/// </summary>
public static class GuardedHttp
{
    /// <summary>Time one fetch may take, connection included.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes that are read of an answer.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Most connections that one client has open, to all hosts together: whoever names hosts costs no more than that.</summary>
    public const int MaxConnections = 500;

    // Keeps a connection for the next request of the same payment, and no longer: a stranger can name any number of hosts.
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(2);

    /// <summary>Makes the client.</summary>
    /// <param name="insecure">For tests only: also http, other ports and private addresses; <c>*.localhost</c> is loopback.</param>
    /// <param name="timeout">Time one fetch may take; null for <see cref="Timeout"/>.</param>
    /// <param name="around">Sees each fetch first, as for repeats; null for none.</param>
    public static HttpClient Create(bool insecure, TimeSpan? timeout = null, DelegatingHandler? around = null)
    {
        var connections = new SemaphoreSlim(MaxConnections);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = IdleConnection,
            ConnectTimeout = Timeout,
            MaxConnectionsPerServer = 8,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, insecure, connections, cancellation),
        };
        around?.InnerHandler = handler;
        return new HttpClient((HttpMessageHandler?)around ?? handler)
        {
            Timeout = timeout ?? Timeout,
            MaxResponseContentBufferSize = MaxBody,
        };
    }

    /// <summary>True if the URL's scheme, port and host are allowed; its address is checked when connecting.</summary>
    public static bool IsAllowed(Uri url, bool insecure) =>
        insecure
            ? url.Scheme is "https" or "http"
            : url.Scheme == Uri.UriSchemeHttps && url.IsDefaultPort && url.HostNameType == UriHostNameType.Dns;

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint endpoint, bool insecure, SemaphoreSlim connections, CancellationToken cancellation)
    {
        if (!connections.Wait(0, CancellationToken.None))
            throw new HttpRequestException($"{MaxConnections} connections are open to hosts that others have named");
        try
        {
            return new CountedStream(await ConnectAsync(endpoint, insecure, cancellation), connections);
        }
        catch
        {
            connections.Release();
            throw;
        }
    }

    private static async ValueTask<Socket> ConnectAsync(DnsEndPoint endpoint, bool insecure, CancellationToken cancellation)
    {
        IPAddress[] addresses = insecure && (endpoint.Host == "localhost" || endpoint.Host.EndsWith(".localhost", StringComparison.Ordinal))
            ? [IPAddress.Loopback]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellation);
        var allowed = addresses.Where(address => insecure || PublicAddresses.IsPublic(address)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException($"{endpoint.Host} has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellation);
            // The handler reads the peer's address of each new connection outside of any catch: if the host has hung up by then, the bare
            // SocketException gets out. Read here, the socket keeps it.
            _ = socket.RemoteEndPoint;
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new HttpRequestException(failure.Message, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection that gives its place back when it is closed.</summary>
    private sealed class CountedStream(Socket socket, SemaphoreSlim connections) : NetworkStream(socket, ownsSocket: true)
    {
        private int _closed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _closed, 1) == 0) connections.Release();
        }
    }
}
