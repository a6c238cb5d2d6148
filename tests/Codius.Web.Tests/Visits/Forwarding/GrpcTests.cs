using Codius.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>gRPC is forwarded over HTTP/2 on both sides: answers, streams and errors.</summary>
public sealed class GrpcTests
{
    [Fact]
    public async Task A_call_is_answered_and_costs_one_price()
    {
        await using var visits = await StartAsync();
        using var channel = Channel(visits);

        var answer = await new Echo.EchoClient(channel).SayAsync(new Words { Text = "hi" }, cancellationToken: VisitFixture.Cancellation);

        Assert.Equal("hi", answer.Text);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task Both_sides_of_a_stream_talk_in_turns()
    {
        await using var visits = await StartAsync();
        using var channel = Channel(visits);
        using var call = new Echo.EchoClient(channel).Talk(cancellationToken: VisitFixture.Cancellation);

        foreach (var text in new[] { "one", "two", "three" })
        {
            await call.RequestStream.WriteAsync(new Words { Text = text }, VisitFixture.Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(VisitFixture.Cancellation));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task The_apps_own_error_arrives_as_such()
    {
        await using var visits = await StartAsync();
        using var channel = Channel(visits);

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Echo.EchoClient(channel).SayAsync(new Words(), cancellationToken: VisitFixture.Cancellation));

        Assert.Equal((StatusCode.InvalidArgument, "Say something."), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_call_to_a_sleeping_app_waits_for_it()
    {
        await using var visits = await StartAsync(awake: false);
        using var channel = Channel(visits);

        var call = new Echo.EchoClient(channel).SayAsync(new Words { Text = "hi" }, cancellationToken: VisitFixture.Cancellation);
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);
        visits.Awake();

        Assert.Equal("hi", (await call).Text);
    }

    private static async Task<VisitFixture> StartAsync(bool awake = true)
    {
        var visits = await VisitFixture.StartAsync(protocols: HttpProtocols.Http2, configure: app =>
        {
            app.UseRouting();
            app.MapGrpcService<EchoService>();
        });
        if (awake) visits.Awake();
        return visits;
    }

    private static GrpcChannel Channel(VisitFixture visits) => GrpcChannel.ForAddress("http://hello.codius.test", new GrpcChannelOptions
    {
        HttpHandler = GatewayUnderTest.Handler(visits.Gateway.Http2Port),
        DisposeHttpClient = true,
    });

    private sealed class EchoService : Echo.EchoBase
    {
        public override Task<Words> Say(Words request, ServerCallContext context) =>
            request.Text.Length > 0 ? Task.FromResult(request)
                : throw new RpcException(new Status(StatusCode.InvalidArgument, "Say something."));

        public override async Task Talk(
            IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
        {
            await foreach (var words in requestStream.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(words, context.CancellationToken);
        }
    }
}
