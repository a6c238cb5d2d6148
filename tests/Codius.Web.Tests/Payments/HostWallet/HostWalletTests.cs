using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Web.Balances;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>Wallet mode with a wallet of Open Payments: it gets the money, and what it says it received is credited, once.</summary>
public sealed class HostWalletTests : IAsyncLifetime
{
    private HostWalletStage _stage = null!;
    private string _app = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await HostWalletStage.StartAsync();
        _app = _stage.Gateway.NewApp();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task What_the_wallet_receives_on_a_payment_of_an_app_is_credited_to_the_app_once()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        Assert.StartsWith($"{_stage.Gateway.Host}/op/{_app}/", url, StringComparison.Ordinal);

        await _stage.PayAsync(method, 100);
        Assert.Equal(new Balance(100, 100, 0, 0), await _stage.UntilCreditedAsync(_app, 100, url));
        await _stage.PayAsync(method, 23);
        await _stage.UntilCreditedAsync(_app, 123, url);

        var read = await _stage.ReadAsync(_app, url);
        Assert.Equal(("123", false), ((string)read["receivedAmount"]!["value"]!, (bool)read["completed"]!));
        Assert.Equal(method.DestinationAccount, HostWalletStage.MethodOf(read).DestinationAccount);
        Assert.Equal(123UL, (await _stage.Wallet.BalanceAsync(HostWalletStage.Account)).Credited);
        Assert.Null(await _stage.Gateway.ReadAsync(HostWalletStage.Account));
    }

    [Fact]
    public async Task Money_that_no_page_and_no_payer_hints_at_is_found_by_the_schedule()
    {
        var (_, method) = await _stage.CreateAsync(_app);

        await _stage.PayAsync(method, 7);

        await _stage.UntilCreditedAsync(_app, 7);
    }

    [Fact]
    public async Task The_wallets_URL_is_shown_to_nobody_and_its_metadata_names_the_account()
    {
        string? made = null;
        _stage.Proxy.Rewrite = (context, text) =>
        {
            if (context.Request.Method == "POST" && FaultyProxy.IsOfPayments(context)) made = text;
            return text;
        };

        var (_, json) = await _stage.TryCreateAsync(_app);

        var at = JsonNode.Parse(made!)!;
        Assert.Equal((_app, GatewayUnderTest.Domain), ((string)at["metadata"]!["account"]!, (string)at["metadata"]!["host"]!));
        Assert.DoesNotContain(((string)at["id"]!).Split('/')[^1], json!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain($":{_stage.Proxy.Port}/", json.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((string)at["methods"]![0]!["ilpAddress"]!, (string)json["methods"]![0]!["ilpAddress"]!);
        Assert.True((DateTimeOffset)json["expiresAt"]! <= (DateTimeOffset)at["expiresAt"]!);
    }

    [Fact]
    public async Task A_payment_of_a_fixed_amount_is_complete_when_the_wallet_has_it_all()
    {
        var (url, method) = await _stage.CreateAsync(_app, 500);

        await _stage.PayAsync(method, 500);
        await _stage.UntilCreditedAsync(_app, 500, url);

        var read = await _stage.ReadAsync(_app, url);
        Assert.Equal(("500", true, 0), (
            (string)read["receivedAmount"]!["value"]!, (bool)read["completed"]!, read["methods"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_payment_that_its_creator_completes_is_completed_at_the_wallet_and_credited_first()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 40);

        var (status, json, _) = await _stage.Payer.SendAsync(
            HttpMethod.Post, url + "/complete", token: await _stage.Payer.GrantAsync(_app, "complete"));

        Assert.Equal((200, "40", true), (status, (string)json!["receivedAmount"]!["value"]!, (bool)json["completed"]!));
        Assert.Equal(40UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);
        await Assert.ThrowsAnyAsync<Exception>(() => _stage.PayAsync(method, 1));
        Assert.Empty((await _stage.ReadAsync(_app, url))["methods"]!.AsArray());
    }

    [Fact]
    public async Task A_payment_that_is_completed_unpaid_stays_completed()
    {
        var (url, method) = await _stage.CreateAsync(_app);

        var (status, json, _) = await _stage.Payer.SendAsync(
            HttpMethod.Post, url + "/complete", token: await _stage.Payer.GrantAsync(_app, "complete"));

        Assert.Equal((200, true), (status, (bool)json!["completed"]!));
        Assert.True((bool)(await _stage.ReadAsync(_app, url))["completed"]!);
        await Assert.ThrowsAnyAsync<Exception>(() => _stage.PayAsync(method, 1));
    }

    [Fact]
    public async Task Paid_payments_are_listed_for_their_creator()
    {
        var (url, method) = await _stage.CreateAsync(_app);
        await _stage.CreateAsync(_app);
        await _stage.PayAsync(method, 11);
        await _stage.UntilCreditedAsync(_app, 11, url);

        var (status, json, _) = await _stage.Payer.SendAsync(
            HttpMethod.Get, _stage.Payer.PaymentsOf(_app), token: await _stage.Payer.GrantAsync(_app, "list"));

        Assert.Equal(200, status);
        var listed = Assert.Single(json!["result"]!.AsArray())!;
        Assert.Equal("11", (string)listed["receivedAmount"]!["value"]!);
        Assert.EndsWith(url.Split('/')[^1], (string)listed["id"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_grant_serves_all_payments()
    {
        for (var payment = 0; payment < 5; payment++) await _stage.CreateAsync(_app);

        Assert.Equal(1, _stage.Proxy.CountOf("POST", "/auth"));
        Assert.Equal(5, _stage.Proxy.CountOf("POST", "/incoming-payments"));
    }

    [Fact]
    public async Task A_wallet_that_takes_no_metadata_is_paid_without()
    {
        _stage.Proxy.Fault = async context =>
        {
            if (context.Request.Method != "POST" || !FaultyProxy.IsOfPayments(context)) return false;
            context.Request.EnableBuffering();
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken);
            context.Request.Body.Position = 0;
            context.Response.StatusCode = 400;
            return body.Contains("metadata", StringComparison.Ordinal);
        };

        await _stage.CreateAsync(_app);
        await _stage.CreateAsync(_app);

        Assert.Equal(3, _stage.Proxy.CountOf("POST", "/incoming-payments"));
    }

    [Fact]
    public async Task Packets_are_not_received_here() =>
        Assert.Equal(404, (await _stage.Gateway.PostAsync("/ilp", "")).Status);

    [Fact]
    public async Task The_key_that_the_gateway_signs_with_is_beside_the_hosts_own_address()
    {
        using var keys = await _stage.Gateway.GetAsync(_stage.Gateway.Host + "/.well-known/pay/jwks.json", "application/json");

        Assert.Contains("Ed25519", await keys.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_of_a_domain_of_their_own_are_paid_at_addresses_there_and_read_at_the_hosts()
    {
        await using var stage = await HostWalletStage.StartAsync(settings: ["Host:AppsDomain=apps.test", "Sandbox:Enabled=false"]);
        var (gateway, app) = (stage.Gateway, stage.Gateway.NewApp());
        Assert.Equal($"http://{app}.apps.test/", gateway.UrlOf(app));

        var (url, method) = await stage.CreateAsync(app);
        Assert.StartsWith(gateway.Host + "/", url, StringComparison.Ordinal);
        using var visit = await gateway.GetAsync(gateway.UrlOf(app), "text/html");
        var page = await visit.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"data-payments=\"{gateway.Host}/\"", page, StringComparison.Ordinal);
        Assert.Contains($"<link rel=\"monetization\" href=\"{gateway.UrlOf(app)}.well-known/pay\"", page, StringComparison.Ordinal);

        await stage.PayAsync(method, 9);
        await stage.UntilCreditedAsync(app, 9, url);
    }
}
