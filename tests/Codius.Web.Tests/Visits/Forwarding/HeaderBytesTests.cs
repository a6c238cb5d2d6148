using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>The bytes 0x80 to 0xFF in values of headers, which HTTP gives no meaning: they pass both ways as they are.</summary>
public sealed class HeaderBytesTests
{
    // One character a byte, all of them, as a header's value.
    private static readonly string AllBytes = string.Concat(Enumerable.Range(0x80, 0x80).Select(value => (char)value));

    public static TheoryData<string> Names => [.. Spellings("n=José"), .. Spellings("€ 5"), "n=" + AllBytes];

    public static TheoryData<string> Files => [.. Spellings("attachment; filename=\"übersicht.pdf\""), "attachment; filename=" + AllBytes];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_cookie_reaches_the_app_byte_for_byte_at_one_price(string cookie)
    {
        await using var visits = await VisitFixture.StartAsync();
        using var app = RawApp(visits);

        var visit = visits.SendRawAsync($"GET / HTTP/1.1\r\nHost: hello.codius.test\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        var seen = await AnswerAsync(app, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        Assert.Contains($"\r\nCookie: {cookie}\r\n", seen, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await visit, StringComparison.Ordinal);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_apps_header_reaches_the_client_byte_for_byte(string value)
    {
        await using var visits = await VisitFixture.StartAsync();
        using var app = RawApp(visits);

        var visit = visits.SendRawAsync("GET / HTTP/1.1\r\nHost: hello.codius.test\r\nConnection: close\r\n\r\n");
        await AnswerAsync(app,
            $"HTTP/1.1 200 OK\r\nContent-Disposition: {value}\r\nLocation: /{value}\r\nContent-Type: a/b; c={value}\r\n"
                + "Content-Length: 0\r\n\r\n");

        var answer = await visit;
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nContent-Disposition: {value}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: /{value}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nContent-Type: a/b; c={value}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_HTTP2_they_pass_both_ways_and_in_trailers()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var app = RawApp(visits);
        using var request = Http2Request("text/plain");

        var visit = visits.Gateway.Client(http2: true).SendAsync(request, VisitFixture.Cancellation);
        var seen = await AnswerAsync(app,
            $"HTTP/1.1 200 OK\r\nX-Back: {AllBytes}\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Last: {AllBytes}\r\n\r\n");

        Assert.Contains($"\r\nx-there: {AllBytes}\r\n", seen, StringComparison.Ordinal);
        await AssertAllBytesCameBackAsync(await visit);
    }

    [Fact]
    public async Task In_gRPC_they_pass_both_ways_and_in_trailers()
    {
        await using var visits = await VisitFixture.StartAsync(
            context =>
            {
                context.Response.Headers["X-Back"] = context.Request.Headers["X-There"];
                context.Response.AppendTrailer("X-Last", context.Request.Headers["X-There"]);
                return context.Response.WriteAsync("body");
            },
            protocols: HttpProtocols.Http2);
        visits.Awake();
        using var request = Http2Request("application/grpc");

        await AssertAllBytesCameBackAsync(await visits.Gateway.Client(http2: true).SendAsync(request, VisitFixture.Cancellation));
    }

    [Fact]
    public async Task A_cookie_for_the_whole_host_in_a_spelling_that_only_browsers_read_becomes_the_apps_own()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var app = RawApp(visits);

        var visit = visits.SendRawAsync("GET / HTTP/1.1\r\nHost: hello.codius.test\r\nConnection: close\r\n\r\n");
        await AnswerAsync(app,
            $"HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Domain={Bytes("ｃｏｄｉｕｓ.test", Encoding.UTF8)}; Path=/\r\nContent-Length: 0\r\n\r\n");

        Assert.Contains("\r\nSet-Cookie: a=1; Path=/\r\n", await visit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Bearer José", "402")]
    [InlineData("Accept: text/html;q=é", "402")]
    [InlineData("Cookie: codius-consent=é; __Host-codius-consent=é", "402")]
    [InlineData("Sec-Fetch-Mode: é", "402")]
    [InlineData("Sec-Purpose: é", "402")]
    [InlineData("X-Forwarded-For: é", "402")]
    public async Task The_gateways_own_answers_do_not_stumble_over_them(string header, string status)
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["Proxies:Known:0=127.0.0.0/8"], funds: 0);

        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
        {
            var answer = await visits.SendRawAsync(
                $"GET / HTTP/1.1\r\nHost: hello.codius.test\r\n{Bytes(header, encoding)}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
        }
    }

    private static HttpRequestMessage Http2Request(string type)
    {
        var request = VisitFixture.Request(HttpMethod.Post);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        request.Headers.TryAddWithoutValidation("X-There", AllBytes);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return request;
    }

    private static async Task AssertAllBytesCameBackAsync(HttpResponseMessage answer)
    {
        await answer.Content.LoadIntoBufferAsync(VisitFixture.Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(AllBytes, Assert.Single(answer.Headers.NonValidated["X-Back"]));
        Assert.Equal(AllBytes, Assert.Single(answer.TrailingHeaders.NonValidated["X-Last"]));
    }

    private static IEnumerable<string> Spellings(string text) =>
        new[] { Bytes(text, Encoding.UTF8), Bytes(text, Encoding.Latin1) }.Distinct();

    private static string Bytes(string text, Encoding encoding) => Encoding.Latin1.GetString(encoding.GetBytes(text));

    private static TcpListener RawApp(VisitFixture visits)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://{listener.LocalEndpoint}")));
        return listener;
    }

    private static async Task<string> AnswerAsync(TcpListener app, string answer)
    {
        using var connection = await app.AcceptTcpClientAsync(VisitFixture.Cancellation).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), VisitFixture.Cancellation);
        var head = await VisitFixture.ReadHeadAsync(connection.GetStream());
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer), VisitFixture.Cancellation);
        return head;
    }
}
