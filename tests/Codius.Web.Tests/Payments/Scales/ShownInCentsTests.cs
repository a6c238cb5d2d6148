using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Tests.Payments.OwnWallet;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.Tests.Payments.Scales;

/// <summary>What leaves a gateway whose wire counts in cents; the prices are the default ones.</summary>
public sealed class ShownInCentsTests(CentsOnGarnet fixture) : IClassFixture<CentsOnGarnet>
{
    private PayableGateway Gateway => fixture.Gateway;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_402_asks_for_whole_cents_and_a_cent_opens_the_app()
    {
        var app = Gateway.NewApp();
        await using var page = await CountedApp.StartAsync();
        Gateway.Serve(app, page.Address);

        var demand = await JsonAsync(Gateway.UrlOf(app), 402);
        Assert.Equal(("1", 2, "0", "10000", 9), (Text(demand, "openAt"), Number(demand, "assetScale"), Text(demand, "balance"),
            Text(demand, "price"), Number(demand, "balanceScale")));

        using var connector = Gateway.Connector();
        Assert.IsType<IlpFulfill>(
            await PacketMaker.SendAsync(connector, new PacketMaker(await Gateway.SetUpAsync(app)).Money(1)));
        var state = await JsonAsync(Gateway.UrlOf(app) + ".well-known/codius/balance", 200);
        Assert.Equal(("1", 2, "10000000", "10000", 9), (Text(state, "openAt"), Number(state, "assetScale"), Text(state, "balance"),
            Text(state, "price"), Number(state, "balanceScale")));
        using var visit = await Gateway.GetAsync(Gateway.UrlOf(app), "*/*");
        Assert.Equal(200, (int)visit.StatusCode);
    }

    [Fact]
    public async Task A_wallet_address_has_the_scale_of_the_wire()
    {
        var document = await JsonAsync(Gateway.UrlOf(Gateway.NewApp()) + ".well-known/pay", 200);
        Assert.Equal(("USD", 2), (Text(document, "assetCode"), Number(document, "assetScale")));
    }

    [Fact]
    public async Task A_visitors_wallet_is_asked_for_whole_cents()
    {
        var app = Gateway.NewApp();
        using var connector = Gateway.Connector();
        await using var wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(Gateway.Port), connector);
        using var visitor = new Visitor(Gateway);

        var (status, consent) = await visitor.SendAsync(app, wallet.Address, "now");
        Assert.Equal(200, status);
        Assert.Equal(303, (await visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);

        var paid = Assert.Single(await wallet.PaymentsAsync());
        Assert.Equal((PaymentEnding.Completed, 1UL), (paid.Ending, paid.Delivered));
        Assert.Equal(10_000_000UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    private async Task<JsonElement> JsonAsync(string url, int status)
    {
        using var answer = await Gateway.GetAsync(url, "application/json");
        Assert.Equal(status, (int)answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static int Number(JsonElement json, string member) => json.GetProperty(member).GetInt32();
}
