using System.Text.Json.Nodes;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>Payers of SPSP: by receipts where the wallet gives them, else at the address of an incoming payment.</summary>
public sealed class SpspTests : IAsyncLifetime
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
    public async Task A_wallet_with_receipts_is_paid_as_in_2020()
    {
        var target = await _stage.Gateway.SetUpAsync(_app);

        Assert.True(target.ReceiptsEnabled);
        Assert.Equal(0, _stage.Proxy.CountOf("POST", "/incoming-payments"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(406)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task A_wallet_without_receipts_is_paid_by_an_incoming_payment_and_not_asked_each_time(int status)
    {
        var asked = 0;
        _stage.Proxy.Fault = async context =>
        {
            if (!context.Request.Headers.Accept.ToString().Contains(SpspResponse.MediaType, StringComparison.Ordinal)) return false;
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("{}");
            return true;
        };

        var target = await _stage.Gateway.SetUpAsync(_app, ("Receipt-Nonce", ReceiptNonce.Generate().ToString()),
            ("Receipt-Secret", Convert.ToBase64String(new byte[32])));
        Assert.False(target.ReceiptsEnabled);
        await _stage.PayAsync(target, 77);
        await _stage.UntilCreditedAsync(_app, 77);
        var again = await _stage.Gateway.SetUpAsync(_app);

        Assert.NotEqual(target.DestinationAccount, again.DestinationAccount);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Members_of_the_wallets_answer_that_are_not_known_here_are_handed_on()
    {
        _stage.Proxy.Rewrite = (context, text) =>
        {
            if (!context.Request.Headers.Accept.ToString().Contains(SpspResponse.MediaType, StringComparison.Ordinal)) return text;
            var json = JsonNode.Parse(text)!;
            json["asset_info"] = new JsonObject { ["code"] = "USD" };
            return json.ToJsonString();
        };

        using var answer = await _stage.Gateway.GetAsync(_stage.Gateway.UrlOf(_app) + ".well-known/pay");
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(("USD", true), ((string)json["asset_info"]!["code"]!, (bool)json["receipts_enabled"]!));
        Assert.Equal(["destination_account", "shared_secret", "receipts_enabled", "asset_info"],
            json.AsObject().Select(member => member.Key));
    }
}
