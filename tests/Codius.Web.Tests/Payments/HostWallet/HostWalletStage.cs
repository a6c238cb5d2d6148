using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments.OpenPayments;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>
/// A gateway in Wallet mode and its host's wallet: a second gateway in Direct mode, a real receiver of Open Payments, behind a proxy.
/// </summary>
internal sealed class HostWalletStage : IAsyncDisposable
{
    /// <summary>The host's account at the wallet.</summary>
    public const string Account = "host";

    private HostWalletStage(FaultyProxy proxy, PayableGateway wallet, int scale) => (Proxy, Wallet, Scale) = (proxy, wallet, scale);

    public FaultyProxy Proxy { get; }

    public PayableGateway Wallet { get; }

    public PayableGateway Gateway { get; private set; } = null!;

    /// <summary>A payer's client, which has only a key.</summary>
    public BareClient Payer { get; private set; } = null!;

    /// <summary>The wallet's digits.</summary>
    public int Scale { get; }

    public string Address => $"http://{Account}.localhost:{Proxy.Port}/.well-known/pay";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The wallet alone; <see cref="BeginAsync"/> starts the gateway.</summary>
    public static async Task<HostWalletStage> PrepareAsync(int scale = 9, params string[] settings)
    {
        var proxy = await FaultyProxy.StartAsync();
        var wallet = await PayableGateway.StartAsync(
            settings: [$"Host:PublicUrl=http://localhost:{proxy.Port}", $"Payments:AssetScale={scale}", .. settings]);
        proxy.Wallet = wallet.Port;
        wallet.Deploy(Account);
        return new HostWalletStage(proxy, wallet, scale);
    }

    public static async Task<HostWalletStage> StartAsync(int scale = 9, params string[] settings)
    {
        var stage = await PrepareAsync(scale);
        await stage.BeginAsync(settings: settings);
        return stage;
    }

    /// <summary>Starts the gateway; it replaces an earlier one, which was disposed.</summary>
    public async Task BeginAsync(
        RedisServer? redis = null, Action<IServiceCollection>? services = null, TestAuthority? authority = null, params string[] settings)
    {
        Gateway = await PayableGateway.StartAsync(
            redis, [$"Payments:Wallet=${Account}.localhost:{Proxy.Port}", "Payments:WalletCalls=1000", .. settings], services, authority);
        Payer = new BareClient(Gateway);
    }

    /// <summary>Creates an incoming payment at the gateway.</summary>
    public async Task<(string Url, SpspResponse Method)> CreateAsync(string app, ulong? amount = null)
    {
        var (status, json) = await TryCreateAsync(app, amount);
        Assert.Equal(201, status);
        return ((string)json!["id"]!, MethodOf(json!));
    }

    public async Task<(int Status, JsonNode? Json)> TryCreateAsync(string app, ulong? amount = null)
    {
        var body = new JsonObject { ["walletAddress"] = BareClient.IdOf(Gateway, app) };
        if (amount is { } units)
            body["incomingAmount"] = new JsonObject { ["value"] = units.ToString(), ["assetCode"] = "USD", ["assetScale"] = Scale };
        var (status, json, _) = await Payer.SendAsync(
            HttpMethod.Post, Payer.PaymentsOf(app), body, await Payer.GrantAsync(app, "create"));
        return (status, json);
    }

    /// <summary>The incoming payment in full, as the payer's wallet reads it before each payment: it is a hint too.</summary>
    public async Task<JsonNode> ReadAsync(string app, string url)
    {
        var (status, json, _) = await Payer.SendAsync(HttpMethod.Get, url, token: await Payer.GrantAsync(app, "read-all"));
        Assert.Equal(200, status);
        return json!;
    }

    /// <summary>Sends packets to the wallet, which the gateway does not see.</summary>
    public async Task PayAsync(SpspResponse method, ulong units)
    {
        using var connector = Wallet.Connector();
        await using var sender = new StreamSender(connector, method.DestinationAccount, method.SharedSecret);
        Assert.Equal(units, (await sender.SendAsync(units, Stop)).Delivered);
    }

    /// <summary>Reads the payment until the account has these funds: what a page does that waits for its money.</summary>
    public Task<Balance> UntilCreditedAsync(string app, ulong units, string? url = null) => Eventually.TrueAsync<Balance>(
        $"{app} has {units}", async () =>
    {
        if (url is not null) await Payer.SendAsync(HttpMethod.Get, url, signed: false);
        var balance = await Gateway.BalanceAsync(app);
        return balance.Credited == units ? balance : null;
    });

    public static SpspResponse MethodOf(JsonNode payment)
    {
        var method = Assert.Single(payment["methods"]!.AsArray())!;
        return new SpspResponse(IlpAddress.Parse((string)method["ilpAddress"]!),
            new StreamSecret(System.Buffers.Text.Base64Url.DecodeFromChars((string)method["sharedSecret"]!)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is { } gateway) await gateway.DisposeAsync();
        await Wallet.DisposeAsync();
        await Proxy.DisposeAsync();
    }
}
