using System.Net.Security;
using System.Net.Sockets;
using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Opens connections, with TLS if there is an authority.</summary>
internal static class Connections
{
    public static async Task<(Socket Socket, Stream Stream)> OpenAsync(int port, TestAuthority? authority, SslApplicationProtocol protocol)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (authority is null) return (socket, stream);

        var options = authority.Trust;
        options.TargetHost = Http1Client.Host;
        options.ApplicationProtocols = [protocol];
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(options, cancellation);
        Assert.Equal(protocol, secure.NegotiatedApplicationProtocol);
        return (socket, secure);
    }
}
