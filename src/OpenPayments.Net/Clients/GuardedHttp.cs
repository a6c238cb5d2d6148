using System.Net;
using System.Net.Sockets;

namespace OpenPayments.Net.Clients;

/// <summary>
/// Fetches URLs that others choose, safe against SSRF: https on port 443 only, public addresses only (checked after DNS
/// resolution, on the address that is connected to, so that DNS rebinding does not help), no redirects, no proxy, no cookies, 3 s,
/// 64 KiB, at most 500 connections at a time.
/// </summary>
public static class GuardedHttp
{
    /// <summary>Time one fetch may take, connection included.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes that are read of an answer.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Most connections that one client has open, to all hosts together: whoever names hosts costs no more than that.</summary>
    public const int MaxConnections = 500;

    /// <summary>Set on a request for a host that was good before: strangers do not use up the look-ups that are kept for those.</summary>
    internal static readonly HttpRequestOptionsKey<bool> IsKnown = new("known host");

    // Keeps a connection for the next request of the same payment, and no longer: a stranger can name any number of hosts.
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(2);

    /// <summary>Makes the client.</summary>
    /// <param name="insecure">For tests only: also http, other ports and private addresses; <c>*.localhost</c> is loopback.</param>
    /// <param name="timeout">Time one fetch may take; null for <see cref="Timeout"/>.</param>
    /// <param name="around">Sees each fetch first, as for repeats; null for none.</param>
    public static HttpClient Create(bool insecure, TimeSpan? timeout = null, DelegatingHandler? around = null)
    {
        var connections = new SemaphoreSlim(MaxConnections);
        var lookups = new HostLookups();
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = IdleConnection,
            ConnectTimeout = Timeout,
            MaxConnectionsPerServer = 8,
            // What is left of an answer is not read to keep its connection: strangers choose how much that is.
            MaxResponseDrainSize = 0,
            ConnectCallback = async (context, cancellation) =>
            {
                context.InitialRequestMessage.Options.TryGetValue(IsKnown, out var isKnown);
                var addresses = await AddressesAsync(context.DnsEndPoint.Host, insecure, isKnown, lookups, cancellation);
                return await ConnectAsync(addresses, context.DnsEndPoint.Port, connections, cancellation);
            },
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

    private static async Task<IPAddress[]> AddressesAsync(
        string host, bool insecure, bool isKnown, HostLookups lookups, CancellationToken cancellation)
    {
        if (insecure && (host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal))) return [IPAddress.Loopback];
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await lookups.FindAsync(host, isKnown, cancellation);
        var allowed = addresses.Where(address => insecure || PublicAddresses.IsPublic(address)).ToArray();
        return allowed.Length > 0 ? allowed : throw new HttpRequestException($"{host} has no public address");
    }

    private static async ValueTask<Stream> ConnectAsync(
        IPAddress[] addresses, int port, SemaphoreSlim connections, CancellationToken cancellation)
    {
        if (!connections.Wait(0, CancellationToken.None))
            throw new HttpRequestException($"{MaxConnections} connections are open to hosts that others have named");
        try
        {
            return new CountedStream(await ConnectAsync(addresses, port, cancellation), connections);
        }
        catch
        {
            connections.Release();
            throw;
        }
    }

    private static async ValueTask<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
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
