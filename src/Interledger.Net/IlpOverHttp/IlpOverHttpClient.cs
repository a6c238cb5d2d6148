using System.Net;
using System.Net.Http.Headers;
using Interledger.Net.Packets;

namespace Interledger.Net.IlpOverHttp;

/// <summary>Sends packets to a peer by ILP over HTTP (RFC 35), with the reply in the response; connections are reused.</summary>
/// <remarks>
/// Failures of the peer become Rejects: unreachable T01, 5xx T00, 429 T05, any other status F00 (the message names it), a body that is
/// neither a Fulfill nor a Reject T00, no reply before the packet expires R00. Redirects are not followed: packets go only to the
/// configured endpoint.
/// </remarks>
public sealed class IlpOverHttpClient : IIlpSender, IDisposable
{
    private static readonly MediaTypeHeaderValue MediaType = new("application/octet-stream");
    private static readonly MediaTypeWithQualityHeaderValue Accepted = new("application/octet-stream");

    private readonly IlpOverHttpClientOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly AuthenticationHeaderValue _authorization;

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="options">The peer's endpoint and the limits.</param>
    public IlpOverHttpClient(IlpOverHttpClientOptions options) : this(options, Connections(options))
    {
    }

    /// <summary>Creates a client on the caller's handler (for custom certificates, or a test server).</summary>
    /// <param name="options">The peer's endpoint and the limits.</param>
    /// <param name="handler">Sends the requests; disposed with the client.</param>
    public IlpOverHttpClient(IlpOverHttpClientOptions options, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _http = new HttpMessageInvoker(handler);
        _authorization = new AuthenticationHeaderValue("Bearer", options.Token);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The bytes are not a Prepare.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
    {
        var left = TimeLeft(prepare.Span);
        if (left <= TimeSpan.Zero) return Reject(IlpErrorCode.R00TransferTimedOut, "The packet expired before it was sent.");

        using var timeout = new CancellationTokenSource(left, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await PostAsync(prepare, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Reject(IlpErrorCode.R00TransferTimedOut, "The peer did not answer in time.");
        }
        catch (HttpRequestException exception)
        {
            return Reject(IlpErrorCode.T01PeerUnreachable, $"The peer could not be reached ({exception.HttpRequestError}).");
        }
        catch (IOException)
        {
            return Reject(IlpErrorCode.T01PeerUnreachable, "The connection to the peer broke.");
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Connections(IlpOverHttpClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = options.MaxConnections,
            EnableMultipleHttp2Connections = true,
            // Bounds how long changed DNS names and certificates go unnoticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // No trace headers: the peer has its own traces, and they would be sent with every packet.
            ActivityHeadersPropagator = null,
        };
    }

    private async Task<ReadOnlyMemory<byte>> PostAsync(ReadOnlyMemory<byte> prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint)
        {
            Version = _options.HttpVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(prepare) { Headers = { ContentType = MediaType } },
        };
        request.Headers.Authorization = _authorization;
        request.Headers.Accept.Add(Accepted);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) return Reject(response.StatusCode);
        if (response.Content.Headers.ContentLength > IlpPacket.MaxLength) return NoPacket();

        // A response without a length is read up to the largest packet and no further.
        await response.Content.LoadIntoBufferAsync(IlpPacket.MaxLength, cancellationToken);
        var reply = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return IsReply(reply) ? reply : NoPacket();
    }

    private static bool IsReply(ReadOnlySpan<byte> packet) => IlpPacket.PeekType(packet) switch
    {
        IlpPacketType.Fulfill => IlpFulfill.TryRead(packet, out _, out _),
        IlpPacketType.Reject => IlpReject.TryRead(packet, out _, out _),
        _ => false,
    };

    private TimeSpan TimeLeft(ReadOnlySpan<byte> packet)
    {
        if (!IlpPrepareView.TryRead(packet, out var prepare, out var error))
            throw new ArgumentException($"Not a Prepare: {error}.", nameof(packet));
        var left = prepare.ExpiresAt - _options.Time.GetUtcNow();
        return left < _options.Timeout ? left : _options.Timeout;
    }

    private static byte[] Reject(HttpStatusCode status)
    {
        var code = (int)status >= 500 ? IlpErrorCode.T00InternalError
            : status == HttpStatusCode.TooManyRequests ? IlpErrorCode.T05RateLimited
            : IlpErrorCode.F00BadRequest;
        return Reject(code, $"The peer answered with HTTP status {(int)status}.");
    }

    private static byte[] NoPacket() =>
        Reject(IlpErrorCode.T00InternalError, "The peer answered with something that is no Fulfill and no Reject.");

    private static byte[] Reject(IlpErrorCode code, string message) => new IlpReject { Code = code, Message = message }.ToArray();
}
