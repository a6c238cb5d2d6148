using System.Net;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>Nothing is buffered: each side sees what the other has sent so far, and idle streams stay open.</summary>
public sealed class StreamingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_event_stream_begins_before_its_first_event_and_each_event_arrives_before_the_next_is_made()
    {
        var events = Channel();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await foreach (var text in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {text}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        visits.Awake();

        var answer = await visits.GetAsync();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(VisitFixture.Cancellation));
        foreach (var text in new[] { "one", "two", "three" })
        {
            await events.Writer.WriteAsync(text, VisitFixture.Cancellation);
            Assert.Equal($"data: {text}", await reader.ReadLineAsync(VisitFixture.Cancellation));
            await reader.ReadLineAsync(VisitFixture.Cancellation);
        }
        Assert.Equal(1, visits.Activity.Open("hello"));
        events.Writer.Complete();

        Assert.Null(await reader.ReadLineAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_stream_whose_visitor_left_ends_at_the_app_too()
    {
        var ended = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            context.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        });
        visits.Awake();

        (await visits.GetAsync()).Dispose();

        await ended.Task.WaitAsync(VisitFixture.Cancellation);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_upload_reaches_the_app_piece_by_piece()
    {
        var arrived = Channel();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            while (await reader.ReadLineAsync() is { } line) await arrived.Writer.WriteAsync(line);
        });
        visits.Awake();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);
        var stream = client.GetStream();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: hello.codius.test\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(),
            VisitFixture.Cancellation);
        foreach (var piece in new[] { "one", "two", "six" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"4\r\n{piece}\n\r\n"), VisitFixture.Cancellation);
            Assert.Equal(piece, await arrived.Reader.ReadAsync(VisitFixture.Cancellation).AsTask()
                .WaitAsync(Soon, VisitFixture.Cancellation));
        }
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), VisitFixture.Cancellation);

        Assert.StartsWith("HTTP/1.1 200", await VisitFixture.ReadHeadAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_arrive_behind_the_body()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://{listener.LocalEndpoint}")));
        var client = visits.Gateway.Client(http2: true);

        var visit = client.GetAsync(GatewayUnderTest.UrlOf("hello"), VisitFixture.Cancellation);
        using (var app = await listener.AcceptTcpClientAsync(VisitFixture.Cancellation))
        {
            await VisitFixture.ReadHeadAsync(app.GetStream());
            await app.GetStream().WriteAsync(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n"u8.ToArray(),
                VisitFixture.Cancellation);
            var answer = await visit;

            Assert.Equal("body", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
            Assert.Equal("42", Assert.Single(answer.TrailingHeaders.GetValues("X-Sum")));
        }
    }

    [Fact]
    public async Task HEAD_gets_the_fields_without_the_body()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.ContentLength = 5;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync("hello");
        });
        visits.Awake();

        var answer = await visits.SendRawAsync("HEAD / HTTP/1.1\r\nHost: hello.codius.test\r\nConnection: close\r\n\r\n");

        Assert.Contains("Content-Length: 5\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_refuses_a_body_unread_is_heard_and_the_client_is_never_asked_for_it()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.StatusCode = 413;
            return Task.CompletedTask;
        });
        visits.Awake();

        var answer = await visits.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: hello.codius.test\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n", wholeAnswer: false);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_cut_off_by_the_app_is_cut_off_for_the_client()
    {
        var headSeen = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await headSeen.Task;
            context.Abort();
        });
        visits.Awake();

        var answer = await visits.GetAsync();
        headSeen.SetResult();

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    private static System.Threading.Channels.Channel<string> Channel() => System.Threading.Channels.Channel.CreateUnbounded<string>();
}
