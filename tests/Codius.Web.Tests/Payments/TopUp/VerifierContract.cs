using System.Net;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Web.Balances;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.TopUp;

/// <summary>The balances API exactly as the receipt verifier's, on every store.</summary>
public abstract class VerifierContract(PayableFixture fixture)
{
    private PayableGateway Gateway => fixture.Gateway;

    [Fact]
    public async Task A_balance_is_decimal_text_and_unknown_accounts_are_not_found()
    {
        var app = await PaidAsync(1234);

        Assert.Equal((200, "1234"), await GetAsync(app));
        Assert.Equal((404, "Not Found"), await GetAsync(Gateway.NewApp()));
        Assert.Equal((404, "Not Found"), await GetAsync("-owed-one"));
        Assert.Equal((404, "Not Found"), await GetAsync("UPPER"));
    }

    [Fact]
    public async Task What_gateways_lease_ahead_of_visits_is_part_of_the_balance()
    {
        var app = await PaidAsync(1234);
        var ledger = Gateway.Services.GetRequiredService<IBalanceLedger>();

        await ledger.LeaseAsync(
            new LeaseRequest(AccountId.OfApp(app), "lease", 1, 0, 10, 10, Ahead: 200), TestContext.Current.CancellationToken);

        Assert.Equal(210UL, (await Gateway.BalanceAsync(app)).Leased);
        Assert.Equal((200, "1234"), await GetAsync(app));
    }

    [Fact]
    public async Task What_is_spent_to_the_last_unit_is_a_balance_of_0()
    {
        var app = await PaidAsync(10);

        Assert.Equal((200, "4"), await SpendAsync(app, "6"));
        Assert.Equal((409, "insufficient balance"), await SpendAsync(app, "5"));
        Assert.Equal((200, "0"), await SpendAsync(app, "4"));
        Assert.Equal((200, "0"), await SpendAsync(app, "0"));
        Assert.Equal((200, "0"), await GetAsync(app));
    }

    [Theory]
    [InlineData("", 400, "spend amount must be a decimal number of units")]
    [InlineData("letters", 400, "spend amount must be a decimal number of units")]
    [InlineData("12.5", 400, "spend amount must be a decimal number of units")]
    [InlineData(" 1", 400, "spend amount must be a decimal number of units")]
    [InlineData("-", 400, "spend amount must be a decimal number of units")]
    [InlineData("+1", 400, "spend amount must be a decimal number of units")]
    [InlineData("-5", 409, "spend amount exceeds max 64 bit signed integer")]
    [InlineData("9223372036854775808", 409, "spend amount exceeds max 64 bit signed integer")]
    [InlineData("9223372036854775807", 409, "insufficient balance")]
    [InlineData("11111111111111111111", 413, "request entity too large")]
    public async Task A_spend_that_is_none_changes_nothing(string amount, int status, string text)
    {
        var app = await PaidAsync(10);

        Assert.Equal((status, text), await SpendAsync(app, amount));
        Assert.Equal((200, "10"), await GetAsync(app));
    }

    [Fact]
    public async Task A_spend_never_makes_an_account()
    {
        var app = Gateway.NewApp();

        Assert.Equal((404, "balance does not exist"), await SpendAsync(app, "1"));
        Assert.Equal((404, "balance does not exist"), await SpendAsync("Not-An-Account", "1"));
        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Fact]
    public async Task A_spend_with_a_key_is_taken_once()
    {
        var app = await PaidAsync(10);
        using var first = Keyed(app);
        using var again = Keyed(app);

        using var one = await Gateway.Management.SendAsync(first, TestContext.Current.CancellationToken);
        using var two = await Gateway.Management.SendAsync(again, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (one.StatusCode, two.StatusCode));
        Assert.Equal((200, "7"), await GetAsync(app));

        static HttpRequestMessage Keyed(string app) => new(HttpMethod.Post, $"/balances/{app}:spend")
        {
            Content = new StringContent("3"),
            Headers = { { "Idempotency-Key", "the same" } },
        };
    }

    [Theory]
    [InlineData("OPTIONS", null, 200, null)]
    [InlineData("OPTIONS", "POST", 204, null)]
    [InlineData("DELETE", null, 405, "It takes GET, HEAD, OPTIONS, POST. Send the request again with a method that it takes.")]
    public async Task Other_methods_are_answered_with_those_there_are(string method, string? asksFor, int status, string? detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Gateway.Host}/balances/{Gateway.NewApp()}");
        request.Headers.Add("Origin", "https://shop.example");
        if (asksFor is not null) request.Headers.Add("Access-Control-Request-Method", asksFor);
        using var answer = await Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains("GET", answer.Content.Headers.Allow);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (detail is null) Assert.Equal("", body);
        else Assert.Equal(detail, (string?)JsonNode.Parse(body)!["detail"]);
    }

    [Theory]
    [InlineData("/balances/hello:spend")]
    [InlineData("/verify")]
    [InlineData("/receipts")]
    public async Task Nobody_spends_or_verifies_without_the_admin_token(string path)
    {
        using var stranger =
            new HttpClient(GatewayUnderTest.Handler(Gateway.ManagementPort)) { BaseAddress = new Uri("http://management/") };

        Assert.Equal(401, (await Gateway.PostAsync(path, "1", stranger)).Status);
        Assert.True((await Gateway.PostAsync(path, "1")).Status is 404 or 405, "on the visits port there is no such thing");
    }

    private async Task<string> PaidAsync(ulong units)
    {
        var app = Gateway.NewApp();
        await Gateway.PayAsync(app, units);
        return app;
    }

    private async Task<(int, string)> GetAsync(string account)
    {
        using var response = await Gateway.GetAsync($"{Gateway.Host}/balances/{account}", "*/*");
        Assert.Equal(("text/plain; charset=utf-8", "*"),
            (response.Content.Headers.ContentType!.ToString(), response.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<(int Status, string Text)> SpendAsync(string account, string amount) =>
        Gateway.PostAsync($"/balances/{account}:spend", amount, Gateway.Management);
}

/// <summary>On Garnet inside the gateway.</summary>
public sealed class VerifierOnGarnetTests(PayableOnGarnet fixture) : VerifierContract(fixture), IClassFixture<PayableOnGarnet>;

/// <summary>On a real redis-server.</summary>
public sealed class VerifierOnRedisTests(PayableOnRedis fixture) : VerifierContract(fixture), IClassFixture<PayableOnRedis>;
