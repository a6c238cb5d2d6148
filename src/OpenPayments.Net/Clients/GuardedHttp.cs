using System.Net;
using System.Net.Sockets;

namespace OpenPayments.Net.Clients;

/// <summary>
/// Fetches URLs that others choose, safe against SSRF: https on port 443 only, public addresses only (checked after DNS
/// resolution, on the address that is connected to, so that DNS rebinding does not help), no redirects, no proxy, no cookies, 3 s, 64 KiB.
/// </summary>
public static class GuardedHttp
{
    /// <summary>Time one fetch may take, connection included.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes that are read of an answer.</summary>
    public const int MaxBody = 64 * 1024;

    /// <summary>Makes the client.</summary>
    /// <param name="insecure">For tests only: also http, other ports and private addresses; <c>*.localhost</c> is loopback.</param>
    /// <param name="timeout">Time one fetch may take; null for <see cref="Timeout"/>.</param>
    /// <param name="around">Sees each fetch first, as for repeats; null for none.</param>
    public static HttpClient Create(bool insecure, TimeSpan? timeout = null, DelegatingHandler? around = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxConnectionsPerServer = 8,
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, insecure, cancellation),
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

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool insecure, CancellationToken cancellation)
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
            return new NetworkStream(socket, ownsSocket: true);
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
}
