using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Codius.Web.Hosting.Rates;
using Codius.Web.Payments;
using Codius.Web.Tests.Payments.OpenPayments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Payments;

/// <summary>
/// A wallet provider's server looks at each payment in public, then signed, four times for each time that a visitor pays, all from one
/// address. A 429 makes it drop its grant.
/// </summary>
public sealed class WalletServersTests : IAsyncLifetime
{
    private const int Looks = 4;
    private const string Invented = "AAAA/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000";

    private readonly ConcurrentDictionary<string, JsonNode> _keys = new();
    private PayableGateway _gateway = null!;
    private WebApplication _provider = null!;

    // Time stands still: an address that may come 200 times at once, and 20 times a second, has come 200 times too often.
    public async ValueTask InitializeAsync()
    {
        _gateway = await PayableGateway.StartAsync(settings: ["Payments:PerClientBurst=200"], services: services =>
            services.AddSingleton(provider => new AnonymousRateLimiter(
                provider.GetRequiredService<IOptions<PaymentsOptions>>(), new LiveGateways(), new StillTime())));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapGet("/{name}/jwks.json", (string name) =>
            Results.Text($$"""{"keys":[{{_keys[name].ToJsonString()}}]}""", "application/json"));
        await _provider.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Ten_visitors_of_one_provider_who_pay_every_two_seconds_get_no_429()
    {
        var app = _gateway.NewApp();
        var server = NewClient("server");
        var token = await server.GrantAsync(null, "read-all");
        var urls = new List<string>();
        for (var visitor = 0; visitor < 10; visitor++)
            urls.Add((await NewClient($"visitor-{visitor}").CreateAsync(app)).Url);

        for (var seconds = 0; seconds < 12; seconds += 2)
        {
            for (var look = 0; look < Looks; look++)
            {
                foreach (var url in urls)
                {
                    Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, url, signed: false)).Status);
                    Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, url, token: token)).Status);
                }
            }
        }
    }

    [Fact]
    public async Task Invented_URLs_and_those_of_bare_keys_are_counted_with_their_address()
    {
        var app = _gateway.NewApp();
        var stranger = new BareClient(_gateway);
        var own = (await stranger.CreateAsync(app)).Url; // 1 of 200
        for (var i = 0; i < 100; i++)
        {
            if (i < 99) Assert.Equal(200, (await stranger.SendAsync(HttpMethod.Get, own, signed: false)).Status);
            Assert.Equal(404, (await stranger.SendAsync(HttpMethod.Get, $"{_gateway.Host}/op/{app}/{Invented}", signed: false)).Status);
        }

        Assert.Equal(429, (await stranger.SendAsync(HttpMethod.Get, own, signed: false)).Status);
        Assert.Equal(429, (await stranger.SendAsync(HttpMethod.Get, $"{_gateway.Host}/op/{app}/{Invented}", signed: false)).Status);
    }

    [Fact]
    public async Task Whoever_knows_URLs_gets_no_more_from_one_address_than_a_few_clients_and_takes_nothing_from_others()
    {
        var limiter = new AnonymousRateLimiter(
            Options.Create(new PaymentsOptions { PerGrantClient = 1, PerGrantClientBurst = 2 }), new LiveGateways(), new StillTime());

        Assert.Equal((2, 1), await EnterAsync("192.0.2.1", "alice", 3));
        Assert.Equal((2, 1), await EnterAsync("192.0.2.2", "alice", 3));
        for (var creator = 0; creator < 4; creator++)
            Assert.Equal((2, 0), await EnterAsync("192.0.2.1", $"creator-{creator}", 2));
        Assert.Equal((0, 1), await EnterAsync("192.0.2.1", "one more", 1));
        Assert.Equal((2, 0), await EnterAsync("192.0.2.3", "one more", 2));
        Assert.Equal((2, 1), await EnterAsync("192.0.2.1", null, 3));

        async Task<(int Entered, int Refused)> EnterAsync(string from, string? creator, int times)
        {
            var entered = 0;
            for (var i = 0; i < times; i++)
            {
                var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(from) } };
                var isIn = await limiter.EnterOpenPaymentsAsync(
                    context, "incoming payments", null, creator is null ? "alice" : null, creator);
                Assert.Equal(isIn ? 200 : 429, context.Response.StatusCode);
                if (isIn) entered++;
            }
            return (entered, times - entered);
        }
    }

    private BareClient NewClient(string name)
    {
        var client = new BareClient(_gateway, wallet: $"{_provider.Urls.Single()}/{name}");
        _keys[name] = client.Jwk;
        return client;
    }

    private sealed class StillTime : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
