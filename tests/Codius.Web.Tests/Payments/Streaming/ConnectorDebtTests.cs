using System.Net.Http.Json;
using System.Text.Json;
using Codius.Testing.Stores;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Payments.Streaming;

/// <summary>A connector's debt is bounded, stored, and settled.</summary>
public sealed class ConnectorDebtTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connector_that_owes_too_much_must_settle_first()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: ["Payments:MaxUnsettled=0.000001"]);
        var app = gateway.NewApp();
        var payer = new PacketMaker(await gateway.SetUpAsync(app));
        using var connector = gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));

        var refused = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(401)));
        Assert.Equal(IlpErrorCode.T04InsufficientLiquidity, refused.Code);
        Assert.Equal("600", await OwedAsync(gateway));
        Assert.Equal(409, (await SettleAsync(gateway, "601")).Status);
        Assert.Equal(400, (await SettleAsync(gateway, "-1")).Status);
        Assert.Equal(404, (await SettleAsync(gateway, "1", "nobody")).Status);
        var keyless = await gateway.PostAsync("/admin/connectors/one:settle", "600", gateway.Management);
        Assert.Equal(400, keyless.Status);
        Assert.Contains("key-needed", keyless.Text, StringComparison.Ordinal);

        Assert.Equal((200, "0"), await SettleAsync(gateway, "600"));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(401)));
        Assert.Equal(1001UL, (await gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_settlement_is_in_the_audit_log_and_its_key_is_for_one_amount()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));
        async Task<(int Status, string Text)> Settle(string name, string units)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/connectors/{name}:settle")
            {
                Content = new StringContent(units),
            };
            request.Headers.Add("Idempotency-Key", "sepa 0815");
            using var response = await gateway.Management.SendAsync(request, Stop);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
        }

        Assert.Equal((200, "500"), await Settle("one", "100"));
        Assert.Equal((200, "500"), await Settle("one", "100"));
        Assert.Equal(409, (await Settle("one", "200")).Status);
        Assert.Equal("500", await OwedAsync(gateway));

        var log = await gateway.Management.GetFromJsonAsync<JsonElement>("/admin/api/v1/audit", Stop);
        var entry = Assert.Single(log.GetProperty("items").EnumerateArray());
        Assert.Equal(("connector.settle", "one", "settings", "done", "100 units (0.0000001 USD), id sepa 0815"), (
            entry.GetProperty("action").GetString(), entry.GetProperty("subject").GetString(), entry.GetProperty("by").GetString(),
            entry.GetProperty("outcome").GetString(), entry.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task What_is_owed_is_known_after_a_restart()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using (var gateway = await PayableGateway.StartAsync(redis))
        {
            using var connector = gateway.Connector();
            var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
            for (var i = 0; i < 3; i++) Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));
        }

        await using var again = await PayableGateway.StartAsync(redis);

        await Codius.Testing.Eventually.TrueAsync("the books were read", async () => await OwedAsync(again) == "1800" ? true : (bool?)null);
    }

    [Fact]
    public async Task The_books_do_not_grow_with_the_packets()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using (var gateway = await PayableGateway.StartAsync(redis))
        {
            using var connector = gateway.Connector();
            var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
            for (var booking = 1; booking <= 3; booking++)
            {
                Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));
                Assert.Equal((200, $"{(booking * 600) - booking}"), await SettleAsync(gateway, "1")); // books the packet first
            }
        }

        await using var connection = await redis.ConnectAsync();
        var book = connection.GetDatabase();
        Assert.Matches("^[0-9a-f]{32},[0-9]+,[0-9]{13}$", (string)(await book.HashGetAsync("codius:{-owed-one}", "bookers"))!);
        Assert.Equal(3, await book.HashLengthAsync("codius:{-owed-one}:history")); // what was settled by hand
    }

    private static async Task<string?> OwedAsync(PayableGateway gateway) =>
        (await gateway.Management.GetFromJsonAsync<JsonElement>("/admin/connectors", Stop)).GetProperty("one").GetProperty("owed")
            .GetString();

    private static async Task<(int Status, string Text)> SettleAsync(PayableGateway gateway, string units, string name = "one")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/connectors/{name}:settle")
        {
            Content = new StringContent(units),
        };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await gateway.Management.SendAsync(request, Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
