using System.Net.WebSockets;
using System.Text;
using Codius.Testing;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>A WebSocket is one visit: paid once, open as long as both sides like, and seen as activity all the while.</summary>
public sealed class WebSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_go_both_ways_for_the_price_of_one_request(bool http2)
    {
        await using var visits = await VisitFixture.StartAsync(EchoAsync);
        visits.Awake();
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(http2 ? visits.Gateway.Http2Port : visits.Gateway.Port));
        using var socket = new ClientWebSocket();
        if (http2)
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (new Version(2, 0), HttpVersionPolicy.RequestVersionExact);
        socket.Options.AddSubProtocol("words");

        await socket.ConnectAsync(new Uri("ws://hello.codius.test/"), invoker, VisitFixture.Cancellation);
        Assert.Equal("words", socket.SubProtocol);
        foreach (var text in new[] { "one", "two" }) Assert.Equal(text, await TalkAsync(socket, text));
        Assert.Equal(1, visits.Activity.Open("hello"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", VisitFixture.Cancellation);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_socket_to_a_sleeping_app_is_held_until_it_is_awake()
    {
        await using var visits = await VisitFixture.StartAsync(EchoAsync);
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(visits.Gateway.Port));
        using var socket = new ClientWebSocket();

        var connecting = socket.ConnectAsync(new Uri("ws://hello.codius.test/"), invoker, VisitFixture.Cancellation);
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);
        visits.Awake();
        await connecting;

        Assert.Equal("hi", await TalkAsync(socket, "hi"));
    }

    [Fact]
    public async Task The_apps_goodbye_reaches_the_client()
    {
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "asleep", context.RequestAborted);
        });
        visits.Awake();
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(visits.Gateway.Port));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://hello.codius.test/"), invoker, VisitFixture.Cancellation);

        var last = await socket.ReceiveAsync(new byte[10], VisitFixture.Cancellation);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), (last.MessageType, socket.CloseStatus));
    }

    [Fact]
    public async Task A_client_that_breaks_its_socket_off_frees_the_app()
    {
        await using var visits = await VisitFixture.StartAsync(EchoAsync);
        visits.Awake();
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(visits.Gateway.Port));
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://hello.codius.test/"), invoker, VisitFixture.Cancellation);

        socket.Abort();

        await Eventually.TrueAsync("the visit has ended", () => visits.Activity.Open("hello") == 0);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
        socket.Dispose();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (message.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static async Task<string> TalkAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, VisitFixture.Cancellation);
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, VisitFixture.Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, message.Count);
    }
}
