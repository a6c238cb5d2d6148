using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits.Forwarding;

/// <summary>The one HTTP client for all apps. It also knows which requests still wait for their connection: those reached no app.</summary>
internal sealed class AppClient : IDisposable
{
    private readonly ConditionalWeakTable<HttpRequestMessage, object> _connecting = [];

    public AppClient(IOptions<VisitOptions> options) =>
        Invoker = new HttpMessageInvoker(new UnbufferedUploads(new SocketsHttpHandler
        {
            // A proxy forwards unchanged: no redirects, decompression, cookies or tracing.
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            // Header values are bytes to a proxy. By default the client refuses to send any that are not ASCII.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectTimeout = options.Value.ConnectTimeout,
            ConnectCallback = ConnectAsync,
        }));

    public HttpMessageInvoker Invoker { get; }

    /// <summary>True if the request failed, timed out or was cancelled before it had a connection.</summary>
    public bool NeverConnected(HttpRequestMessage? request, ForwarderError error, Exception? cause) =>
        error == ForwarderError.RequestTimedOut
        || cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        || (request is not null && _connecting.TryGetValue(request, out _));

    public void Dispose() => Invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        _connecting.AddOrUpdate(context.InitialRequestMessage, context);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            // Connecting continues even when its request was cancelled, so NeverConnected still finds the request meanwhile.
            _connecting.Remove(context.InitialRequestMessage);
        }
    }
}
