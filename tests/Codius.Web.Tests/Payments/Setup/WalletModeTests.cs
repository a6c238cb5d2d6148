using System.Diagnostics;
using System.Net;
using Codius.Web.Payments.Setup;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Interledger.Net.Tests.Interop;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Payments.Setup;

/// <summary>Wallet mode: the host's receiving wallet gets the money, and its receipts are credited here.</summary>
public sealed class WalletModeTests
{
    private const string WalletToken = "the wallet's connector";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_receiving_wallet_is_paid_and_its_receipts_are_credited()
    {
        await using var wallet =
            NodePeer.Start("spsp-wallet.mjs", new { prefix = "test.wallet", token = WalletToken, asset = new { code = "USD", scale = 9 } });
        var port = (await wallet.ReadAsync("port")).GetProperty("port").GetInt32();
        await using var gateway = await InFrontOfAsync($"http://127.0.0.1:{port}/host");
        var app = gateway.NewApp();
        var target = await gateway.SetUpAsync(app);
        Assert.True(target.ReceiptsEnabled);
        Assert.Null(await gateway.ReadAsync(app)); // the query wrote nothing

        var first = await PayAsync(port, target, 1_000);
        Assert.Equal((200, "1000"), await PostAsync(gateway, app, first));
        Assert.Equal((400, "expired receipt"), await PostAsync(gateway, app, first));

        var second = await PayAsync(port, target, 234); // its receipt has the total of both
        Assert.Equal((200, "1234"), await PostAsync(gateway, app, second));
        Assert.Equal((400, "invalid hmac"), await PostAsync(gateway, gateway.NewApp(), second));

        await wallet.WriteAsync(new { report = true });
        Assert.Equal("1234", (await wallet.ReadAsync("total")).GetProperty("total").GetString());
    }

    [Fact]
    public async Task The_bare_pointer_gives_receipts_that_the_first_account_may_claim()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync();
        await using var gateway = await InFrontOfAsync(wallet.Url);
        var app = gateway.NewApp();

        using var response = await gateway.GetAsync(gateway.Host + "/.well-known/pay");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var asked = Assert.Single(wallet.Asked);
        var receipt = new StreamReceipt(asked.Nonce, 1, 70).Sign(asked.Secret);
        Assert.True(IssuedNonce.Read(asked.Nonce).Unbound);
        Assert.Equal((200, "70"), await PostAsync(gateway, app, receipt));
        Assert.Equal((400, "receipt belongs to another account"), await PostAsync(gateway, gateway.NewApp(), receipt));
    }

    [Fact]
    public async Task Verify_names_the_receiving_wallet()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync();
        await using var gateway = await InFrontOfAsync(wallet.Url);
        using var response = await gateway.GetAsync(gateway.Host + "/.well-known/pay");
        var asked = Assert.Single(wallet.Asked);

        var (status, text) = await gateway.PostAsync("/verify",
            Convert.ToBase64String(new StreamReceipt(asked.Nonce, 1, 70).Sign(asked.Secret)), gateway.Management);

        Assert.Equal((200, $$"""{"amount":"70","spspEndpoint":"{{wallet.Url}}"}"""), (status, text));
    }

    [Fact]
    public async Task What_the_caller_sends_is_dropped_but_for_the_id_of_old_web_monetization()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync();
        await using var gateway = await InFrontOfAsync(wallet.Url);
        var nonce = ReceiptNonce.Generate();

        await gateway.SetUpAsync(gateway.NewApp(), ("Receipt-Nonce", nonce.ToString()),
            ("Receipt-Secret", Convert.ToBase64String(new byte[32])),
            ("Web-Monetization-Id", "dcd479ad-7d8d-4210-956a-13c14b8c67eb"), ("Cookie", "a=b"), ("X-Other", "1"));

        var asked = Assert.Single(wallet.Asked);
        Assert.NotEqual(nonce, asked.Nonce);
        Assert.Equal(["Accept", "Host", "Receipt-Nonce", "Receipt-Secret", "traceparent", "web-monetization-id"],
            asked.Headers.Select(name =>
                name.Equals("Web-Monetization-Id", StringComparison.OrdinalIgnoreCase) ? "web-monetization-id" : name)
                .Append("traceparent").Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"destination_account":"test.wallet.x","shared_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("""{"destination_account":"test.wallet.x","shared_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","receipts_enabled":false}""")]
    [InlineData(
        """{"destination_account":"nowhere","shared_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","receipts_enabled":true}""")]
    [InlineData("""{"receipts_enabled":true}""")]
    [InlineData("<html>")]
    public async Task A_wallet_that_gives_no_receipts_is_a_conflict(string answer)
    {
        await using var wallet = await FakeReceivingWallet.StartAsync(context => context.Response.WriteAsync(answer, Stop));

        Assert.Equal(HttpStatusCode.Conflict, await QueryAsync(wallet.Url));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(302)]
    public async Task A_wallet_that_refuses_is_a_bad_gateway(int status)
    {
        await using var wallet = await FakeReceivingWallet.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.BadGateway, await QueryAsync(wallet.Url));
    }

    [Fact]
    public async Task A_wallet_that_is_not_there_is_a_bad_gateway()
    {
        string url;
        await using (var wallet = await FakeReceivingWallet.StartAsync()) url = wallet.Url;

        Assert.Equal(HttpStatusCode.BadGateway, await QueryAsync(url));
    }

    [Fact]
    public async Task A_wallet_that_never_answers_is_a_gateway_timeout()
    {
        var stuck = new TaskCompletionSource();
        await using var wallet = await FakeReceivingWallet.StartAsync(_ => stuck.Task);

        Assert.Equal(HttpStatusCode.GatewayTimeout, await QueryAsync(wallet.Url, "Payments:WalletTimeout=00:00:01"));
        stuck.SetResult();
    }

    [Fact]
    public async Task A_wallet_that_stumbles_once_is_asked_again()
    {
        var first = true;
        await using var wallet = await FakeReceivingWallet.StartAsync(context =>
        {
            if (!first) return FakeReceivingWallet.AnswerAsync(context);
            first = false;
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.OK, await QueryAsync(wallet.Url));
    }

    [Fact]
    public async Task However_many_query_the_wallet_is_asked_no_more_than_it_may_be()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync();
        await using var gateway = await InFrontOfAsync(wallet.Url, "Payments:WalletCalls=10", "Proxies:Known:0=127.0.0.0/8");
        var url = gateway.UrlOf(gateway.NewApp()) + ".well-known/pay";
        var began = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => gateway.GetAsync(url, SpspResponse.MediaType, ("X-Forwarded-For", $"198.51.{i % 50}.1"))));

        // Half of the calls are of payers, in three seconds' bursts of two kinds, each rounded up.
        var seconds = (int)Math.Ceiling(Stopwatch.GetElapsedTime(began).TotalSeconds);
        Assert.InRange(wallet.Asked.Count, 1, 16 + (6 * seconds));
        Assert.Equal(wallet.Asked.Count, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToArray();
        Assert.All(refused, answer => Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null)));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task A_wallet_that_wants_no_queries_for_a_time_gets_none()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "60");
            return Task.CompletedTask;
        });
        await using var gateway = await InFrontOfAsync(wallet.Url);
        var url = gateway.UrlOf(gateway.NewApp()) + ".well-known/pay";

        using var first = await gateway.GetAsync(url);
        using var second = await gateway.GetAsync(url);

        Assert.Equal((HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable), (first.StatusCode, second.StatusCode));
        Assert.Single(wallet.Asked);
    }

    [Fact]
    public async Task There_are_no_packets_and_no_open_payments_with_a_wallet_of_2020()
    {
        await using var wallet = await FakeReceivingWallet.StartAsync();
        await using var gateway = await InFrontOfAsync(wallet.Url);
        using var content = new ByteArrayContent([1]);

        using var packet = await gateway.Http.PostAsync(gateway.Host + "/ilp", content, Stop);
        using var address = await gateway.GetAsync(gateway.UrlOf(gateway.NewApp()) + ".well-known/pay", "application/json");

        using var page = await gateway.GetAsync(gateway.UrlOf(gateway.NewApp()) + ".well-known/codius/pay", "text/html");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (packet.StatusCode, address.StatusCode));
        var shown = await page.Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("rel=\"monetization\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("/.well-known/pay", shown, StringComparison.Ordinal);
        Assert.Contains("$app-", shown, StringComparison.Ordinal);
    }

    private static Task<PayableGateway> InFrontOfAsync(string wallet, params string[] settings) =>
        PayableGateway.StartAsync(
            settings: ["Payments:Mode=Wallet", $"Payments:Wallet={wallet}", "Payments:WalletCalls=1000", .. settings]);

    private static async Task<HttpStatusCode> QueryAsync(string wallet, params string[] settings)
    {
        await using var gateway = await InFrontOfAsync(wallet, settings);
        using var response = await gateway.GetAsync(gateway.UrlOf(gateway.NewApp()) + ".well-known/pay");
        if (response.StatusCode != HttpStatusCode.OK)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return response.StatusCode;
    }

    private static async Task<byte[]> PayAsync(int port, SpspResponse target, ulong amount)
    {
        using var way =
            new IlpOverHttpClient(new IlpOverHttpClientOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/ilp"), Token = WalletToken });
        await using var sender = new StreamSender(way, target.DestinationAccount, target.SharedSecret);
        var result = await sender.SendAsync(amount, Stop);
        Assert.Equal(amount, result.Delivered);
        return result.Receipt.ToArray();
    }

    private static Task<(int Status, string Text)> PostAsync(PayableGateway gateway, string account, byte[] receipt) =>
        gateway.PostAsync($"/balances/{account}:creditReceipt", Convert.ToBase64String(receipt));
}
