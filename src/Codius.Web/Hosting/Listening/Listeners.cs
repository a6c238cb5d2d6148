using System.Net;
using System.Text;
using Codius.Web.Hosting.Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.Listening;

/// <summary>Opens the gateway's ports and marks each connection with its listener.</summary>
internal static class Listeners
{
    private const int ReadAhead = 64 * 1024;

    /// <summary>
    /// Every connection has a buffer of 4 KiB, an idle one too: by default one waits without a buffer until there is something to read,
    /// a call of the system more for each request, which is 4 % of a visit's processor time.
    /// </summary>
    public static void Configure(SocketTransportOptions sockets) => sockets.WaitForDataBeforeAllocatingBuffer = false;

    public static void Configure(KestrelServerOptions kestrel)
    {
        var gateway = kestrel.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        kestrel.AddServerHeader = false;
        // By default Kestrel refuses a request whose headers are not UTF-8, and an answer whose headers are not ASCII.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => HeaderBytes.Encoding;
        // Bodies are streamed to the apps, however large; bodies for the gateway itself are bounded where they are read.
        kestrel.Limits.MaxRequestBodySize = null;
        // A waiting request must cost little: no more than this is buffered per connection and per HTTP/2 stream.
        kestrel.Limits.MaxRequestBufferSize = ReadAhead;
        kestrel.Limits.Http2.InitialStreamWindowSize = ReadAhead;
        // The app decides whether a client reads too slowly. HTTP/2 knows this limit for whole connections only; over HTTP/1.1 the
        // gateway's own answers have it (OwnAnswers).
        kestrel.Limits.MinResponseDataRate = null;
        // TCP notices a lost machine (DeadPeers); a ping also notices a program that hangs.
        kestrel.Limits.Http2.KeepAlivePingDelay = gateway.DeadPeerTimeout / 2;
        kestrel.Limits.Http2.KeepAlivePingTimeout = gateway.DeadPeerTimeout / 2;
        // An app's own server refuses what it finds too long; most take more than Kestrel's 8 KiB, 32 KiB and 100 headers.
        kestrel.Limits.MaxRequestLineSize = ReadAhead / 2;
        kestrel.Limits.MaxRequestHeadersTotalSize = ReadAhead;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = ReadAhead / 2;

        Open(kestrel, gateway.Listen, gateway.Port, Listener.Visits, listen =>
        {
            if (gateway.CertificateFile is null)
            {
                listen.Protocols = HttpProtocols.Http1;
                return;
            }
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(kestrel.ApplicationServices.GetRequiredService<VisitsCertificate>());
        });
        if (gateway.Http2Port is { } http2)
            Open(kestrel, gateway.Listen, http2, Listener.Visits, listen => listen.Protocols = HttpProtocols.Http2);
        Open(kestrel, gateway.Listen, gateway.ManagementPort, Listener.Management, listen => listen.Protocols = HttpProtocols.Http1);
        foreach (var opener in kestrel.ApplicationServices.GetServices<IListenerOpener>()) opener.Open(kestrel, gateway);
        if (gateway.RedirectPort is { } redirect)
            Open(kestrel, gateway.Listen, redirect, Listener.Redirect, listen => listen.Protocols = HttpProtocols.Http1);
    }

    public static void Open(KestrelServerOptions kestrel, string address, int port, Listener listener, Action<ListenOptions> configure)
    {
        var deadAfter = kestrel.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.DeadPeerTimeout;

        void Mark(ListenOptions listen)
        {
            configure(listen);
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ClientConnection(listener));
                DeadPeers.Notice(connection, deadAfter);
                // A port of all addresses sees IPv4 ones as ::ffff:...; once per connection is cheaper than in each request.
                if (connection.RemoteEndPoint is IPEndPoint { Address: { IsIPv4MappedToIPv6: true } mapped } client)
                    connection.RemoteEndPoint = new IPEndPoint(mapped.MapToIPv4(), client.Port);
                return next(connection);
            });
        }

        if (address == "*") kestrel.ListenAnyIP(port, Mark);
        else if (address != "localhost") kestrel.Listen(IPAddress.Parse(address), port, Mark);
        // IPv4 and IPv6 share a port only if its number is given.
        else if (port == 0) kestrel.Listen(IPAddress.Loopback, port, Mark);
        else kestrel.ListenLocalhost(port, Mark);
    }
}

/// <summary>Opens an additional port that only some hosts have, such as the webhooks'.</summary>
internal interface IListenerOpener
{
    void Open(KestrelServerOptions kestrel, GatewayOptions gateway);
}
