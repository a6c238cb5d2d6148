using System.Text.Json.Nodes;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Payments;
using Codius.Web.Payments.HostWallet;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>A wallet that is away, slow or wrong delays credits, and neither loses nor doubles any.</summary>
public sealed class WalletFaultsTests : IAsyncLifetime
{
    private HostWalletStage _stage = null!;
    private string _app = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await HostWalletStage.StartAsync(settings: "Payments:WalletTimeout=00:00:01");
        _app = _stage.Gateway.NewApp();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429, "1")]
    [InlineData(302)]
    [InlineData(200)]
    [InlineData(200, null, "[]")]
    [InlineData(200, null, "{\"id\":")]
    [InlineData(200, null, "<html>")]
    public async Task Money_that_arrives_while_the_wallet_answers_wrong_is_credited_when_it_answers_again(
        int status, string? retryAfter = null, string body = "{}")
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 10);
        await _stage.UntilCreditedAsync(_app, 10, url);
        _stage.Proxy.FailPayments(status, retryAfter, body);
        await _stage.PayAsync(method, 20);
        await LookedAsync(url);

        Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);
        Assert.Equal(10UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);

        _stage.Proxy.Fault = null;
        await _stage.UntilCreditedAsync(_app, 30, url);
        Assert.Equal(30UL, (await _stage.Wallet.BalanceAsync(HostWalletStage.Account)).Credited);
    }

    [Fact]
    public async Task A_wallet_that_breaks_off_or_never_answers_is_looked_at_again()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        var stuck = new TaskCompletionSource();
        await _stage.PayAsync(method, 20);

        _stage.Proxy.Fault = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"id\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };
        await LookedAsync(url);
        _stage.Proxy.Fault = async _ =>
        {
            await stuck.Task;
            return true;
        };
        await LookedAsync(url);
        Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);
        stuck.SetResult();

        _stage.Proxy.Fault = null;
        await _stage.UntilCreditedAsync(_app, 20, url);
    }

    [Fact]
    public async Task A_wallet_that_says_less_than_before_takes_nothing_back()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 50);
        await _stage.UntilCreditedAsync(_app, 50, url);

        _stage.Proxy.Rewrite = (context, text) => FaultyProxy.IsOfPayments(context) && context.Request.Method == "GET"
            ? WithReceived(text, "40") : text;
        await LookedAsync(url);
        Assert.Equal(50UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
        _stage.Proxy.Rewrite = null;
        await _stage.PayAsync(method, 1);

        await _stage.UntilCreditedAsync(_app, 51, url);
    }

    [Theory]
    [InlineData("EUR", 9)]
    [InlineData("USD", 2)]
    public async Task A_payment_in_another_asset_is_not_credited(string code, int scale)
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 50);

        _stage.Proxy.Rewrite = (context, text) => FaultyProxy.IsOfPayments(context) && context.Request.Method == "GET"
            ? WithAsset(text, code, scale) : text;
        await LookedAsync(url);

        Assert.Null(await _stage.Gateway.ReadAsync(_app));
        _stage.Proxy.Rewrite = null;
        await _stage.UntilCreditedAsync(_app, 50, url);
    }

    [Theory]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task An_amount_that_no_account_can_hold_is_not_credited(string amount)
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        _stage.Proxy.Rewrite = (context, text) => FaultyProxy.IsOfPayments(context) && context.Request.Method == "GET"
            ? WithReceived(text, amount) : text;
        await LookedAsync(url);

        Assert.Equal(0UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
        _stage.Proxy.Rewrite = null;
        await _stage.UntilCreditedAsync(_app, 5, url);
    }

    [Fact]
    public async Task A_token_that_ends_in_the_middle_is_replaced()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        var refused = 0;
        _stage.Proxy.Fault = context =>
        {
            if (!FaultyProxy.IsOfPayments(context) || Interlocked.Increment(ref refused) > 1) return Task.FromResult(false);
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };

        await _stage.UntilCreditedAsync(_app, 5, url);

        Assert.True(_stage.Proxy.CountOf("POST", "/auth") > 1);
    }

    [Fact]
    public async Task A_grant_that_is_refused_delays_credits()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 5);
        _stage.Proxy.Fault = context =>
        {
            context.Response.StatusCode = context.Request.Path == "/auth" ? 400 : 401;
            return Task.FromResult(true);
        };
        await LookedAsync(url);
        Assert.Null(await _stage.Gateway.ReadAsync(_app));

        _stage.Proxy.Fault = null;
        await _stage.UntilCreditedAsync(_app, 5, url);
    }

    [Fact]
    public async Task No_payment_is_made_where_the_wallet_makes_another_one_than_was_asked_for()
    {
        _stage.Proxy.Rewrite = (context, text) =>
        {
            if (context.Request.Method != "POST" || !FaultyProxy.IsOfPayments(context)) return text;
            var json = JsonNode.Parse(text)!;
            json["incomingAmount"]!["value"] = "6";
            return json.ToJsonString();
        };

        Assert.Equal(503, (await _stage.TryCreateAsync(_app, 5)).Status);
    }

    [Fact]
    public async Task A_new_payment_of_the_wallet_that_has_received_something_is_another_ones()
    {
        _stage.Proxy.Rewrite = (context, text) => FaultyProxy.IsOfPayments(context) && context.Request.Method == "POST"
            ? text.Replace("\"value\":\"0\"", "\"value\":\"7\"", StringComparison.Ordinal) : text;

        Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);
        Assert.Equal(0, await _stage.Gateway.Services.GetRequiredService<WalletPaymentSchedule>().CountAsync());
    }

    [Fact]
    public async Task What_the_wallet_does_not_take_of_a_payers_wishes_is_no_failure_of_the_wallet()
    {
        _stage.Proxy.FailPayments(400);

        Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);
        var health = await _stage.Gateway.Services.GetRequiredService<PaymentsHealth>().CheckHealthAsync(
            new HealthCheckContext(), TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, health.Status);
    }

    [Fact]
    public async Task A_wallet_that_wants_no_calls_for_a_time_gets_none_after_a_look_or_a_create()
    {
        var (url, _) = await _stage.CreateAsync(_app);
        _stage.Proxy.FailPayments(429, "200");
        await LookedAsync(url);
        await PausedForAsync(minutes: 2);
        Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);
        Assert.Equal(1, _stage.Proxy.CountOf("POST", "/incoming-payments"));

        await using var other = await HostWalletStage.StartAsync();
        other.Proxy.FailPayments(429, "200");
        Assert.Equal(503, (await other.TryCreateAsync(other.Gateway.NewApp())).Status);
        Assert.Equal(503, (await other.TryCreateAsync(other.Gateway.NewApp())).Status);
        Assert.Equal(1, other.Proxy.CountOf("POST", "/incoming-payments"));
    }

    [Fact]
    public async Task A_wallet_that_fails_again_and_again_is_spared_for_a_while_and_then_called_again()
    {
        _stage.Proxy.FailPayments(500);
        for (var call = 0; call < 40; call++) Assert.Equal(503, (await _stage.TryCreateAsync(_app)).Status);

        Assert.InRange(_stage.Proxy.CountOf("POST", "/incoming-payments"), 1, 39);
        _stage.Proxy.Fault = null;
        await Codius.Testing.Eventually.TrueAsync<bool>("the wallet is called again", async () =>
            (await _stage.TryCreateAsync(_app)).Status == 201 ? true : null);
    }

    [Fact]
    public async Task A_payment_ends_with_the_wallets_own_if_that_ends_earlier()
    {
        var early = TimeProvider.System.GetUtcNow().AddMinutes(3);
        _stage.Proxy.Rewrite = (context, text) =>
        {
            if (context.Request.Method != "POST" || !FaultyProxy.IsOfPayments(context)) return text;
            var json = JsonNode.Parse(text)!;
            json["expiresAt"] = early.ToString("O");
            return json.ToJsonString();
        };

        var (status, payment) = await _stage.TryCreateAsync(_app);

        Assert.Equal(201, status);
        Assert.Equal(early.ToUnixTimeMilliseconds(), ((DateTimeOffset)payment!["expiresAt"]!).ToUnixTimeMilliseconds());
        Assert.Equal((string)payment["expiresAt"]!, (string)(await _stage.ReadAsync(_app, (string)payment["id"]!))["expiresAt"]!);
    }

    // Hints, and waits for the look that follows.
    private Task<bool> LookedAsync(string url)
    {
        var before = _stage.Proxy.Requests.Count;
        return Codius.Testing.Eventually.TrueAsync<bool>("the gateway called the wallet", async () =>
        {
            await _stage.Payer.SendAsync(HttpMethod.Get, url, signed: false);
            return _stage.Proxy.Requests.Count > before ? true : null;
        });
    }

    private Task PausedForAsync(int minutes) => Codius.Testing.Eventually.TrueAsync("the wallet's wish is known", () =>
        _stage.Gateway.Services.GetRequiredService<WalletCallBudget>().Paused > TimeSpan.FromMinutes(minutes));

    private static string WithReceived(string text, string value)
    {
        var json = JsonNode.Parse(text)!;
        json["receivedAmount"]!["value"] = value;
        return json.ToJsonString();
    }

    private static string WithAsset(string text, string code, int scale)
    {
        var json = JsonNode.Parse(text)!;
        json["receivedAmount"]!["assetCode"] = code;
        json["receivedAmount"]!["assetScale"] = scale;
        return json.ToJsonString();
    }
}
