using System.Net;
using System.Net.Sockets;

namespace Codius.Sandbox;

/// <summary>
/// Reaches the host's names on this machine: not every system's resolver knows that names under localhost are loopback (RFC 6761).
/// </summary>
internal static class Loopback
{
    public static SocketsHttpHandler CreateHandler(SandboxSettings settings) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, settings, cancellation),
    };

    /// <summary>True for the host's domain and the names below it.</summary>
    public static bool IsOurs(string host, SandboxSettings settings) =>
        host == settings.Domain || host.EndsWith("." + settings.Domain, StringComparison.Ordinal);

    /// <summary>The address of a reserved name or of the host itself (<paramref name="label"/> null), without TLS.</summary>
    public static Uri UrlOf(string? label, string path, SandboxSettings settings) =>
        new($"http://{(label is null ? "" : label + ".")}{settings.Domain}:{settings.Port}{path}");

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, SandboxSettings settings, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IsOurs(target.Host, settings) || target.Host.EndsWith(".localhost", StringComparison.Ordinal))
                await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellation);
            else
                await socket.ConnectAsync(target, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
