using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Packets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Interledger.Net.Tests.IlpOverHttp;

/// <summary>Our client against our server over real sockets, and hand-made requests against the server.</summary>
public sealed class IlpOverHttpTests
{
    private static readonly byte[] Preimage = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1", HttpProtocols.Http1)]
    [InlineData("2.0", HttpProtocols.Http2)]
    public async Task A_packet_goes_there_and_its_answer_comes_back(string version, HttpProtocols protocols)
    {
        var seen = new List<(string Peer, ulong Amount, string Protocol)>();
        await using var server = await LoopbackServer.StartAsync(
            app =>
            {
                var protocol = "";
                app.Use((context, next) =>
                {
                    protocol = context.Request.Protocol;
                    return next();
                });
                app.MapIlpOverHttp("/ilp", new IlpPeerTokens([("alice", "a-token"), ("bob", "b-token")]),
                    (prepare, peer, cancellationToken) =>
                {
                    seen.Add((peer, prepare.Amount, protocol));
                    return ValueTask.FromResult<ReadOnlyMemory<byte>>(new IlpFulfill { Fulfillment = new IlpFulfillment(Preimage) }
                        .ToArray());
                });
            },
            protocols);
        using var client = Client(server, "b-token", Version.Parse(version));

        for (ulong amount = 1; amount <= 3; amount++)
        {
            var reply = await client.SendAsync(Prepare(amount), Stop);
            Assert.True(IlpFulfill.TryRead(reply.Span, out var fulfill, out _));
            Assert.Equal(new IlpFulfillment(Preimage), fulfill.Fulfillment);
        }

        var expected = protocols == HttpProtocols.Http2 ? "HTTP/2" : "HTTP/1.1";
        Assert.Equal([("bob", 1UL, expected), ("bob", 2UL, expected), ("bob", 3UL, expected)], seen);
    }

    [Fact]
    public async Task The_largest_packet_passes_in_pieces()
    {
        var largest = Prepare(7, new byte[IlpPacket.MaxDataLength]);
        var arrived = Array.Empty<byte>();
        await using var server = await LoopbackServer.StartAsync(app => Answer(app, prepare => arrived = prepare.ToArray()));
        using var client = Client(server);

        await client.SendAsync(largest, Stop);

        Assert.Equal(largest, arrived);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic token")]
    [InlineData("token")]
    public async Task Without_a_peers_token_the_answer_is_401(string? authorization)
    {
        await using var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var response = await PostAsync(server, Prepare(1), authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("application/octet-stream", HttpStatusCode.OK)]
    [InlineData("application/ilp+octet-stream", HttpStatusCode.OK)]
    [InlineData("Application/Octet-Stream; charset=binary", HttpStatusCode.OK)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Only_packet_media_types_are_taken(string? type, HttpStatusCode expected)
    {
        await using var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var response = await PostAsync(server, Prepare(1), "Bearer token", type);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK) Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        else Assert.Equal("application/octet-stream, application/ilp+octet-stream", response.Headers.GetValues("Accept").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0C")]
    [InlineData("0C0100")]
    [InlineData("0D2100000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_Prepare_is_400(string hex)
    {
        await using var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var response = await PostAsync(server, Convert.FromHexString(hex), "Bearer token");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_64_KiB_is_413(bool chunked)
    {
        await using var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var response = await PostAsync(server, new byte[IlpPacket.MaxLength + 1], "Bearer token", chunked: chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_body_too_large_by_its_header_is_refused_before_a_byte_of_it_is_sent()
    {
        await using var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(server.Url.Host, server.Url.Port, Stop);
        var stream = socket.GetStream();
        await stream.WriteAsync(
            ("POST /ilp HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token\r\nContent-Type: application/octet-stream\r\n"u8
                + "Content-Length: 1000000\r\n\r\n"u8).ToArray(),
            Stop);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "T00")]
    [InlineData(503, "T00")]
    [InlineData(429, "T05")]
    [InlineData(401, "F00")]
    [InlineData(404, "F00")]
    [InlineData(302, "F00")]
    public async Task A_status_of_the_peers_becomes_a_Reject(int status, string code)
    {
        await using var server = await LoopbackServer.StartAsync(app => app.MapPost("/ilp", () => Results.StatusCode(status)));
        using var client = Client(server);
        Assert.Equal(code, Rejected(await client.SendAsync(Prepare(1), Stop)));
    }

    [Fact]
    public async Task An_answer_that_is_no_packet_becomes_T00()
    {
        await using var server = await LoopbackServer.StartAsync(app => app.MapPost("/ilp", () => Results.Bytes([1, 2, 3])));
        using var client = Client(server);
        Assert.Equal("T00", Rejected(await client.SendAsync(Prepare(1), Stop)));
    }

    [Fact]
    public async Task A_peer_that_cannot_be_reached_becomes_T01()
    {
        var server = await LoopbackServer.StartAsync(app => Answer(app));
        using var client = Client(server);
        await server.DisposeAsync();
        Assert.Equal("T01", Rejected(await client.SendAsync(Prepare(1), Stop)));
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_before_the_packet_expires_becomes_R00()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapPost("/ilp", (HttpContext context) =>
                Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)));
        using var client = Client(server);
        Assert.Equal("R00", Rejected(await client.SendAsync(Prepare(1, expiresIn: TimeSpan.FromMilliseconds(200)), Stop)));
    }

    [Fact]
    public async Task An_expired_packet_is_not_sent()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(app => Answer(app, _ => asked++));
        using var client = Client(server);
        Assert.Equal("R00", Rejected(await client.SendAsync(Prepare(1, expiresIn: TimeSpan.FromSeconds(-1)), Stop)));
        Assert.Equal(0, asked);
    }

    [Fact]
    public void The_token_is_in_no_text_form()
    {
        var options = new IlpOverHttpClientOptions { Endpoint = new Uri("https://peer.example/ilp"), Token = "s3cret" };
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_belongs_to_one_peer() =>
        Assert.Throws<ArgumentException>(() => new IlpPeerTokens([("alice", "same"), ("bob", "same")]));

    private static void Answer(WebApplication app, Action<ReadOnlyMemory<byte>>? see = null) =>
        app.MapIlpOverHttp("/ilp", new IlpPeerTokens("peer", "token"), (prepare, peer, cancellationToken) =>
        {
            see?.Invoke(prepare.ToPrepare().ToArray());
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(new IlpReject { Code = IlpErrorCode.F02Unreachable }.ToArray());
        });

    private static IlpOverHttpClient Client(LoopbackServer server, string token = "token", Version? version = null) =>
        new(new IlpOverHttpClientOptions
        {
            Endpoint = new Uri(server.Url, "/ilp"),
            Token = token,
            HttpVersion = version ?? HttpVersion.Version11,
        });

    private static byte[] Prepare(ulong amount, byte[]? data = null, TimeSpan? expiresIn = null) => new IlpPrepare
    {
        Amount = amount,
        ExpiresAt = TimeProvider.System.GetUtcNow() + (expiresIn ?? TimeSpan.FromSeconds(30)),
        ExecutionCondition = new IlpCondition(SHA256.HashData(Preimage)),
        Destination = IlpAddress.Parse("test.receiver"),
        Data = data ?? [],
    }.ToArray();

    private static string Rejected(ReadOnlyMemory<byte> reply)
    {
        Assert.True(IlpReject.TryRead(reply.Span, out var reject, out _));
        return reject.Code.ToString();
    }

    private static async Task<HttpResponseMessage> PostAsync(
        LoopbackServer server, byte[] body, string? authorization, string? type = "application/octet-stream", bool chunked = false)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/ilp")) { Content = new ByteArrayContent(body) };
        if (type is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TransferEncodingChunked = chunked;
        return await http.SendAsync(request, Stop);
    }
}
