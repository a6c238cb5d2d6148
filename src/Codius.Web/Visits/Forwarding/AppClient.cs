using System.Net;
using System.Net.Sockets;
using System.Text;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Listening;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits.Forwarding;

/// <summary>The one HTTP client for all apps. It also notes which requests were sent.</summary>
internal sealed class AppClient : IDisposable
{
    /// <summary>The longest head of an answer: twice the usual, below what browsers read.</summary>
    private const int MaxAnswerHeadKilobytes = 128;

    private const long RefusedStream = 7;

    private readonly TimeSpan _deadAfter;

    public AppClient(IOptions<VisitOptions> options, IOptions<GatewayOptions> gateway)
    {
        _deadAfter = gateway.Value.DeadPeerTimeout;
        Invoker = new HttpMessageInvoker(new Uploads(new SocketsHttpHandler
        {
            // A proxy forwards unchanged: no redirects, decompression, cookies or tracing.
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MeterFactory = UnheardMeters.Factory,
            EnableMultipleHttp2Connections = true,
            RequestHeaderEncodingSelector = static (_, request) => EncodingOf(request),
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            MaxResponseHeadersLength = MaxAnswerHeadKilobytes,
            ConnectTimeout = options.Value.ConnectTimeout,
            ConnectCallback = ConnectAsync,
        }));
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>
    /// True if the last that was tried is a connection, which did not come about. The client tries a second one only if the first was
    /// closed before any answer, as an app closes an idle one.
    /// </summary>
    public static bool IsConnectFailure(ForwarderError error, Exception? cause) =>
        error == ForwarderError.RequestTimedOut
        || cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    /// <summary>True if the app's HTTP/2 connection declared that it did not process the request (RFC 9113, 8.7).</summary>
    public static bool IsRefused(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
            if (cause is HttpProtocolException { ErrorCode: RefusedStream }) return true;
        return false;
    }

    /// <summary>True if the app answered, and what it answered is not valid HTTP or has a head beyond what the client reads.</summary>
    public static bool IsBadAnswer(ForwarderError error, Exception? cause) =>
        error == ForwarderError.ResponseHeaders
        || cause is HttpRequestException
        {
            HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded,
        };

    public void Dispose() => Invoker.Dispose();

    /// <summary>
    /// Called for each header while the head of a request is written to the connection that it got. Values are bytes to a proxy; by
    /// default the client refuses to send any that are not ASCII.
    /// </summary>
    private static Encoding EncodingOf(HttpRequestMessage request)
    {
        if (request.RequestUri is not AppTarget { Visit: var visit }) return Encoding.Latin1;
        visit.Connect();
        // Without a body the head is sent at once, and so it is if the app is to be asked before the body (Expect: 100-continue). With a
        // body, the body's stream notes it.
        if (request.Content is not Upload || request.Headers.ExpectContinue == true) visit.Deliver();
        // A request whose body has begun is tried again only if the app has declared that it did not process it.
        else if (visit.BodyTaken) visit.RefuseDelivery();
        return Encoding.Latin1;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            // By TCP only: servers of gRPC close connections with more HTTP/2 pings than they allow.
            DeadPeers.Notice(socket, _deadAfter);
            return context.InitialRequestMessage.Version.Major == 1 ? new AppStream(socket) : new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
