using System.Buffers;
using System.IO.Pipelines;
using Interledger.Net.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Interledger.Net.AspNetCore;

/// <summary>
/// The server side of ILP over HTTP (RFC 35) as it is deployed: a peer POSTs a Prepare and gets the Fulfill or Reject in the 200
/// response.
/// </summary>
/// <remarks>
/// Answers in this order: 401 (not the token of a peer), 415 (neither <c>application/octet-stream</c> nor
/// <c>application/ilp+octet-stream</c>; the response's <c>Accept</c> names them), 413 (over 64 KiB, refused unread), 400 (not an ILP
/// Prepare), 200. The RFC's asynchronous variant (<c>Callback-Url</c>, 202 and a second POST) is not supported.
/// </remarks>
public static class IlpOverHttpEndpoint
{
    /// <summary>The largest body that is read, in bytes. The largest ILP packet is about half of it.</summary>
    public const int MaxBodyBytes = IlpPacket.MaxLength;

    private const string MediaType = "application/octet-stream";
    private const string OlderMediaType = "application/ilp+octet-stream";

    /// <summary>Maps an endpoint for ILP packets at <paramref name="pattern"/>.</summary>
    /// <param name="endpoints">The route builder to add the endpoint to.</param>
    /// <param name="pattern">The path, as in <c>/ilp</c>.</param>
    /// <param name="peers">The peers that may send packets.</param>
    /// <param name="handler">Answers the packets.</param>
    /// <returns>The endpoint, for further conventions.</returns>
    public static IEndpointConventionBuilder MapIlpOverHttp(
        this IEndpointRouteBuilder endpoints, string pattern, IlpPeerTokens peers, IlpPacketHandler handler)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(handler);
        return endpoints.MapPost(pattern, context => AnswerAsync(context, peers, handler));
    }

    private static Task AnswerAsync(HttpContext context, IlpPeerTokens peers, IlpPacketHandler handler)
    {
        var request = context.Request;
        if (peers.Find(request.Headers.Authorization) is not { } peer)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        if (!IsPacket(request.ContentType))
        {
            context.Response.Headers.Accept = $"{MediaType}, {OlderMediaType}";
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        // A chunked body has no length: the server's own limit (or, on a server without one, the loop below) ends the reading.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBodyBytes;
        if (request.ContentLength > MaxBodyBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        return AnswerBodyAsync(context, peer, handler);
    }

    private static async Task AnswerBodyAsync(HttpContext context, string peer, IlpPacketHandler handler)
    {
        var reader = context.Request.BodyReader;
        ReadResult body;
        try
        {
            body = await reader.ReadAsync(context.RequestAborted);
            while (!body.IsCompleted && body.Buffer.Length <= MaxBodyBytes)
            {
                reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
                body = await reader.ReadAsync(context.RequestAborted);
            }
        }
        catch (BadHttpRequestException exception)
        {
            context.Response.StatusCode = exception.StatusCode;
            return;
        }

        byte[]? rented = null;
        try
        {
            if (body.Buffer.Length > MaxBodyBytes)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            // Nearly always one segment, which is read in place, in the server's buffer.
            var packet = body.Buffer.IsSingleSegment ? body.Buffer.First : Joined(body.Buffer, out rented);
            if (!IlpPrepareView.TryRead(packet.Span, out var prepare, out _))
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            var reply = await handler(prepare, peer, context.RequestAborted);
            context.Response.ContentType = MediaType;
            context.Response.ContentLength = reply.Length;
            await context.Response.BodyWriter.WriteAsync(reply, context.RequestAborted);
        }
        finally
        {
            reader.AdvanceTo(body.Buffer.End);
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static ReadOnlyMemory<byte> Joined(in ReadOnlySequence<byte> body, out byte[] rented)
    {
        var length = (int)body.Length;
        rented = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(rented);
        return rented.AsMemory(0, length);
    }

    private static bool IsPacket(string? contentType)
    {
        var type = contentType.AsSpan();
        var parameters = type.IndexOf(';');
        if (parameters >= 0) type = type[..parameters];
        type = type.Trim();
        return type.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            || type.Equals(OlderMediaType, StringComparison.OrdinalIgnoreCase);
    }
}
