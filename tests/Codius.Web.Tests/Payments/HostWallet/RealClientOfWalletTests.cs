using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Tests.Payments.OpenPayments;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>
/// The library that wallets and extensions use, over HTTPS, at a gateway whose host has a wallet of cents: each call is answered as in
/// Direct mode, though the money is at the wallet.
/// </summary>
public sealed class RealClientOfWalletTests : IAsyncLifetime
{
    private const int Scale = 2;
    private static readonly string[] AllActions = ["create", "read", "read-all", "list", "complete"];

    private readonly TestAuthority _authority = new(GatewayUnderTest.Domain);
    private readonly RedisServer _redis = new();
    private HostWalletStage _stage = null!;
    private RealClient _client = null!;
    private string _app = null!;
    private JsonElement _address;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        _stage = await HostWalletStage.PrepareAsync(Scale);
        await _stage.BeginAsync(_redis, authority: _authority);
        _client = await RealClient.StartAsync(_authority);
        _app = _stage.Gateway.NewApp();
        _address = await _client.CallAsync("walletAddress.get", new { url = _stage.Gateway.UrlOf(_app) + ".well-known/pay" });
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        if (_stage is not null) await _stage.DisposeAsync();
        await _redis.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Every_call_is_answered_as_the_specification_says()
    {
        Assert.Equal(("USD", Scale), (Text(_address, "assetCode"), _address.GetProperty("assetScale").GetInt32()));
        var grant = await AskForGrantAsync();
        var token = TokenOf(grant);
        var payment = await CreateAsync(token, new { walletAddress = Id, metadata = new { source = "Web Monetization" } });
        var id = Text(payment, "id");
        Assert.Matches($@"^{_stage.Gateway.Host}/.*/incoming-payments/[0-9a-f-]{{36}}$", id);
        var method = RealClient.MethodOf(payment);

        await _stage.PayAsync(method, 5);
        await UntilReceivedAsync(id, 5);
        await _stage.PayAsync(method, 7);
        await UntilReceivedAsync(id, 12);

        var read = await ReadAsync(id, token);
        Assert.Equal(method.DestinationAccount, RealClient.MethodOf(read).DestinationAccount);
        var list = await _client.CallAsync("incomingPayment.list", new { url = Server, accessToken = token, walletAddress = Id });
        Assert.Equal(id, Text(Assert.Single(list.GetProperty("result").EnumerateArray()), "id"));

        var rotated = await _client.CallAsync("token.rotate",
            new { url = Text(grant.GetProperty("access_token"), "manage"), accessToken = token });
        Assert.Equal((401, "invalid_token"), await _client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = token }));
        var fresh = TokenOf(rotated);
        await _stage.PayAsync(method, 1);
        var completed = await _client.CallAsync("incomingPayment.complete", new { url = id, accessToken = fresh });
        Assert.Equal(("13", true), (Received(completed), completed.GetProperty("completed").GetBoolean()));
        Assert.Empty((await ReadAsync(id, fresh)).GetProperty("methods").EnumerateArray());
        await Assert.ThrowsAnyAsync<Exception>(() => _stage.PayAsync(method, 1));
        Assert.Equal(130_000_000UL, (await _stage.Gateway.BalanceAsync(_app)).Credited);

        await _client.CallAsync("token.revoke", new { url = Text(rotated.GetProperty("access_token"), "manage"), accessToken = fresh });
        Assert.Equal((401, "invalid_token"), await _client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = fresh }));
    }

    [Fact]
    public async Task A_payment_of_a_fixed_amount_completes_when_the_wallet_has_it_all()
    {
        var token = TokenOf(await AskForGrantAsync());
        var amount = new { value = "99", assetCode = "USD", assetScale = Scale };
        var payment = await CreateAsync(token, new { walletAddress = Id, incomingAmount = amount });
        var (id, method) = (Text(payment, "id"), RealClient.MethodOf(payment));

        await _stage.PayAsync(method, 99);
        await UntilReceivedAsync(id, 99);

        var full = await ReadAsync(id, token);
        Assert.True(full.GetProperty("completed").GetBoolean());
        Assert.Empty(full.GetProperty("methods").EnumerateArray());
        await Assert.ThrowsAnyAsync<Exception>(() => _stage.PayAsync(method, 1));
    }

    private string Id => Text(_address, "id");

    private string Server => Text(_address, "resourceServer");

    // The read is a hint too.
    private Task<bool> UntilReceivedAsync(string id, ulong units) => Eventually.TrueAsync<bool>($"{units} are shown", async () =>
        Received(await _client.CallAsync("incomingPayment.getPublic", new { url = id })) == units.ToString() ? true : null);

    private Task<JsonElement> AskForGrantAsync() => _client.CallAsync("grant.request", new { url = Text(_address, "authServer") },
        new { access_token = new { access = new[] { new { type = "incoming-payment", actions = AllActions, identifier = Id } } } });

    private Task<JsonElement> CreateAsync(string token, object payment) =>
        _client.CallAsync("incomingPayment.create", new { url = Server, accessToken = token }, payment);

    private Task<JsonElement> ReadAsync(string url, string token) =>
        _client.CallAsync("incomingPayment.get", new { url, accessToken = token });

    private static string TokenOf(JsonElement grant) => Text(grant.GetProperty("access_token"), "value");

    private static string Received(JsonElement payment) => Text(payment.GetProperty("receivedAmount"), "value");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
