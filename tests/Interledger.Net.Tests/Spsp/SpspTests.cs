using System.Net;
using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Interledger.Net.Tests.Spsp;

/// <summary>Our SPSP client against our server, and against servers that answer badly.</summary>
public sealed class SpspTests
{
    private static readonly SpspResponse Answer = new(IlpAddress.Parse("test.host.token"), StreamSecret.Generate(), ReceiptsEnabled: false);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_pointer_is_looked_up()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapSpsp("/.well-known/pay", (_, _) => ValueTask.FromResult<SpspResponse?>(Answer)));
        Assert.Equal(Answer, (await QueryAsync(server)).Response);
    }

    [Fact]
    public async Task Receipts_are_asked_for_and_their_set_up_arrives()
    {
        var wanted = new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(RandomNumberGenerator.GetBytes(32)));
        await using var server = await LoopbackServer.StartAsync(app => app.MapSpsp(
            "/.well-known/pay", (_, receipts) =>
                ValueTask.FromResult<SpspResponse?>(Answer with { ReceiptsEnabled = wanted.Equals(receipts) })));
        Assert.True((await QueryAsync(server, receipts: wanted)).Response!.ReceiptsEnabled);
    }

    [Fact]
    public async Task A_receiver_without_receipts_is_no_answer_to_one_who_needs_them()
    {
        var wanted = new ReceiptSetup(ReceiptNonce.Generate(), new ReceiptSecret(RandomNumberGenerator.GetBytes(32)));
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapSpsp("/.well-known/pay", (_, _) => ValueTask.FromResult<SpspResponse?>(Answer)));
        Assert.Equal(SpspFailure.NoReceipts, (await QueryAsync(server, receipts: wanted)).Failure);
    }

    [Theory]
    [InlineData("application/spsp4+json", null, null, HttpStatusCode.OK)]
    [InlineData("application/json, application/spsp4+json", null, null, HttpStatusCode.OK)]
    [InlineData("text/html", null, null, HttpStatusCode.NotAcceptable)]
    [InlineData("application/spsp4+json", "AAAAAAAAAAAAAAAAAAAAAA==", null, HttpStatusCode.BadRequest)]
    [InlineData("application/spsp4+json", "short", "AAAA", HttpStatusCode.BadRequest)]
    public async Task The_server_takes_what_it_understands(string accept, string? nonce, string? secret, HttpStatusCode expected)
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapSpsp("/.well-known/pay", (_, _) => ValueTask.FromResult<SpspResponse?>(Answer)));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, "/.well-known/pay"));
        request.Headers.Add("Accept", accept);
        if (nonce is not null) request.Headers.Add("Receipt-Nonce", nonce);
        if (secret is not null) request.Headers.Add("Receipt-Secret", secret);
        using var response = await http.SendAsync(request, Stop);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_page_of_2020_gets_through_its_preflight()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapSpsp("/.well-known/pay", (_, _) => ValueTask.FromResult<SpspResponse?>(Answer)));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(server.Url, "/.well-known/pay"));
        using var response = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("web-monetization-id",
            Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_receiver_is_named_so()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapSpsp("/.well-known/pay", (_, _) => ValueTask.FromResult<SpspResponse?>(null)));
        var result = await QueryAsync(server);
        Assert.Equal((SpspFailure.NoSuchReceiver, 404), (result.Failure, result.Status));
    }

    [Theory]
    [InlineData(3, SpspFailure.None)]
    [InlineData(4, SpspFailure.BadRedirect)]
    public async Task Redirects_are_followed_but_not_for_ever(int redirects, SpspFailure expected)
    {
        await using var server = await LoopbackServer.StartAsync(app =>
        {
            app.MapSpsp("/end", (_, _) => ValueTask.FromResult<SpspResponse?>(Answer));
            app.MapGet("/.well-known/pay", () => Results.Redirect("/1"));
            for (var i = 1; i < redirects; i++)
            {
                var next = i + 1;
                app.MapGet($"/{i}", () => Results.Redirect($"/{next}"));
            }

            app.MapGet($"/{redirects}", () => Results.Redirect("/end"));
        });
        Assert.Equal(expected, (await QueryAsync(server, new SpspClientOptions { MaxRedirects = 4 })).Failure);
    }

    [Fact]
    public async Task A_redirect_away_from_https_is_not_followed()
    {
        using var client = new SpspClient(new SpspClientOptions(), new Redirecting());
        Assert.True(PaymentPointer.TryParse("$host.example", out var pointer, out _));
        Assert.Equal(SpspFailure.BadRedirect, (await client.QueryAsync(pointer, null, Stop)).Failure);
    }

    [Theory]
    [InlineData("not json", SpspFailure.NotAnAnswer, WireError.InvalidJson)]
    [InlineData("{\"id\":\"https://wallet.example/alice\",\"assetCode\":\"USD\"}", SpspFailure.NotAnAnswer, WireError.InvalidJson)]
    [InlineData("{\"destination_account\":\"nowhere\",\"shared_secret\":\"AAAA\"}", SpspFailure.NotAnAnswer, WireError.InvalidAddress)]
    public async Task What_is_no_answer_is_said_to_be_none(string body, SpspFailure expected, WireError error)
    {
        await using var server = await LoopbackServer.StartAsync(app => app.MapGet("/.well-known/pay", () => body));
        var result = await QueryAsync(server);
        Assert.Equal((expected, error), (result.Failure, result.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_answer_is_not_read_to_its_end(bool chunked)
    {
        var body = new byte[100_000];
        await using var server = await LoopbackServer.StartAsync(app => app.MapGet("/.well-known/pay", async context =>
        {
            if (!chunked) context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }));
        Assert.Equal(SpspFailure.TooLong, (await QueryAsync(server)).Failure);
    }

    [Fact]
    public async Task A_status_is_told()
    {
        await using var server = await LoopbackServer.StartAsync(app => app.MapGet("/.well-known/pay", () => Results.StatusCode(409)));
        var result = await QueryAsync(server);
        Assert.Equal((SpspFailure.Refused, 409), (result.Failure, result.Status));
    }

    [Fact]
    public async Task A_host_that_hangs_or_is_gone_is_told_apart()
    {
        var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/.well-known/pay", (HttpContext context) =>
                Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)));
        Assert.Equal(SpspFailure.TimedOut,
            (await QueryAsync(server, new SpspClientOptions { Timeout = TimeSpan.FromMilliseconds(200) })).Failure);
        await server.DisposeAsync();
        Assert.Equal(SpspFailure.Unreachable, (await QueryAsync(server)).Failure);
    }

    private static async Task<SpspResult> QueryAsync(
        LoopbackServer server, SpspClientOptions? options = null, ReceiptSetup? receipts = null)
    {
        Assert.True(PaymentPointer.TryParse("$host.example", out var pointer, out _));
        using var client = new SpspClient((options ?? new SpspClientOptions()) with { Resolve = asked => new Uri(server.Url, asked.Path) });
        return await client.QueryAsync(pointer, receipts, Stop);
    }

    private sealed class Redirecting : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https", request.RequestUri!.Scheme);
            var response = new HttpResponseMessage(HttpStatusCode.Redirect);
            response.Headers.Location = new Uri("http://host.example/.well-known/pay");
            return Task.FromResult(response);
        }
    }
}
