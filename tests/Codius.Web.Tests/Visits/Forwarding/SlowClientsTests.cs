using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>The app decides whether a client is too slow; for the gateway's own endpoints the gateway does.</summary>
public sealed class SlowClientsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_body_gets_the_apps_answer_at_one_price_where_the_gateways_own_endpoint_gives_up(bool http2)
    {
        // Faster than any test is; the shortest time that Kestrel gives.
        await using var visits = await VisitFixture.StartAsync(
            async context => await context.Request.Body.CopyToAsync(context.Response.Body),
            services: services => services.PostConfigure<KestrelServerOptions>(kestrel =>
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.1))));
        visits.Awake();
        using var body = new TwoParts("first", "second");
        using var request = VisitFixture.Request(HttpMethod.Post);
        request.Content = body;
        request.Version = new Version(http2 ? 2 : 1, http2 ? 0 : 1);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        var visit = visits.Gateway.Client(http2).SendAsync(request, VisitFixture.Cancellation);
        await Eventually.TrueAsync("the upload has begun", () => visits.Reached == 1);
        using var own = new TcpClient();
        await own.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);
        await own.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "PUT /services/a HTTP/1.1\r\nHost: codius.test\r\nAuthorization: Bearer a-token-of-slow-clients\r\nContent-Length: 100\r\n\r\n{"),
            VisitFixture.Cancellation);
        Assert.StartsWith("HTTP/1.1 408", await VisitFixture.ReadHeadAsync(own.GetStream()), StringComparison.Ordinal);
        body.Finish();

        Assert.Equal("firstsecond", await (await visit).Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task No_rate_is_asked_of_a_client_that_reads_an_apps_answer()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();

        Assert.Null(gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinResponseDataRate);
    }

    /// <summary>A body whose second part is sent when the test says so.</summary>
    private sealed class TwoParts : HttpContent
    {
        private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _first;
        private readonly byte[] _second;

        public TwoParts(string first, string second)
        {
            (_first, _second) = (Encoding.ASCII.GetBytes(first), Encoding.ASCII.GetBytes(second));
            Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        }

        public void Finish() => _finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(_first);
            await stream.FlushAsync();
            await _finish.Task;
            await stream.WriteAsync(_second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _first.Length + _second.Length;
            return true;
        }
    }
}
