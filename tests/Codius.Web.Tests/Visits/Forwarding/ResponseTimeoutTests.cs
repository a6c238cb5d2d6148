using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>An app that takes a request and never answers ends it with 504; what has begun, and a client's slowness, never do.</summary>
public sealed class ResponseTimeoutTests
{
    private static readonly string[] Short = ["Visits:ResponseTimeout=00:00:01", "Prices:FreeErrorsPerMinute=1"];

    [Fact]
    public async Task An_app_that_never_answers_has_failed_and_its_client_is_told_so()
    {
        await using var visits = await VisitFixture.StartAsync(SilentAsync, Short);
        visits.Awake();

        var answers = await Task.WhenAll(SilenceAsync(visits), SilenceAsync(visits));

        // One failure a minute is free.
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation)).RootElement;
            Assert.Equal("urn:codius:problem:app-silent", problem.GetProperty("type").GetString());
        }
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_app_that_does_not_even_read_an_upload_has_failed()
    {
        await using var visits =
            await VisitFixture.StartAsync(settings: ["Visits:ResponseTimeout=00:00:01", "Prices:FreeErrorsPerMinute=0"]);
        using var app = new TcpListener(IPAddress.Loopback, 0);
        app.Start();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://{app.LocalEndpoint}")));
        using var request = VisitFixture.Request(HttpMethod.Post);
        request.Content = new ByteArrayContent(new byte[32 * 1024 * 1024]);

        // The client may see the answer, or only that its connection was closed while it wrote.
        var visit = visits.SendAsync(request);
        using var connection = await app.AcceptTcpClientAsync(VisitFixture.Cancellation);
        await VisitFixture.ReadHeadAsync(connection.GetStream());
        await ((Task)visit)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_clock_stands_still_while_the_client_uploads(bool known)
    {
        await using var visits = await VisitFixture.StartAsync(SilentAsync, Short);
        visits.Awake();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);
        var stream = client.GetStream();
        await WriteAsync(stream, "POST / HTTP/1.1\r\nHost: hello.codius.test\r\n"
            + (known ? "Content-Length: 10\r\n\r\n12345" : "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"));
        await Eventually.TrueAsync("the app has the upload's begin", () => visits.Reached == 1);

        // Begun later and ended: so the upload takes longer than the app may.
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await SilenceAsync(visits)).StatusCode);
        await WriteAsync(stream, known ? "67890" : "5\r\n67890\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", await VisitFixture.ReadHeadAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_and_a_socket_that_have_begun_stay_open()
    {
        var finish = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(
            context => context.Request.Path.Value switch
            {
                "/events" => EventsAsync(context, finish.Task),
                "/socket" => EchoAsync(context),
                _ => SilentAsync(context),
            },
            Short);
        visits.Awake();
        using var events = await visits.GetAsync("events");
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(visits.Gateway.Port));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://hello.codius.test/socket"), invoker, VisitFixture.Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await SilenceAsync(visits)).StatusCode);
        finish.SetResult();
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, VisitFixture.Cancellation);

        Assert.Equal("data: last\n\n", await events.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal(2, (await socket.ReceiveAsync(new byte[10], VisitFixture.Cancellation)).Count);
    }

    private static Task<HttpResponseMessage> SilenceAsync(VisitFixture visits) => visits.GetAsync("silent");

    /// <summary>Answers an upload once it is whole; anything else never.</summary>
    private static async Task SilentAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            return;
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task EventsAsync(HttpContext context, Task finish)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        await finish;
        await context.Response.WriteAsync("data: last\n\n");
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[10];
        var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, true, context.RequestAborted);
    }

    private static Task WriteAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), VisitFixture.Cancellation).AsTask();
}
