using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Hosting;

/// <summary>What clients see of a gateway that is stopping and still serves.</summary>
public sealed class DrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_answers_each_request_and_ends_its_connection_so_that_the_next_one_goes_elsewhere(int version)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(["Gateway:DrainDelay=00:00:00"]);
        var connections = 0;
        using var handler = GatewayUnderTest.Handler(0);
        handler.ConnectCallback = async (_, cancellation) =>
        {
            Interlocked.Increment(ref connections);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", version == 2 ? gateway.Http2Port : gateway.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(handler)
        {
            DefaultRequestVersion = new Version(version, version == 2 ? 0 : 1),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await client.GetAsync(new Uri(GatewayUnderTest.UrlOf("there-is-none")), Cancellation);
            return answer.StatusCode;
        }
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (await AskAsync(), await AskAsync()));
        Assert.Equal(1, connections);

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(Cancellation);

        await Eventually.TrueAsync<bool>("a request comes on a new connection", async () =>
        {
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync());
            return connections > 1 ? true : null;
        });
    }

    [Fact]
    public async Task It_tells_probes_that_it_is_not_ready_but_alive()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(["Gateway:DrainDelay=00:00:00"]);
        using var probes = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ManagementPort}") };
        Assert.Equal("ready\n", await probes.GetStringAsync("/health/ready", Cancellation));

        await gateway.Services.GetRequiredService<Drain>().StoppingAsync(Cancellation);

        using var ready = await probes.GetAsync("/health/ready", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "stopping\n"),
            (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("live\n", await probes.GetStringAsync("/health/live", Cancellation));
    }
}
