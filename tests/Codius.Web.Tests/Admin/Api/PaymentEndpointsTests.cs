using System.Text.Json;
using Codius.Testing;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>The payments of the whole host by the owner's API: found without naming the account that they paid.</summary>
public sealed class PaymentEndpointsTests
{
    [Fact]
    public async Task A_payment_is_listed_and_found_by_its_reference_its_receipts_nonce_and_its_packets_condition()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        using var connector = gateway.Connector();
        var (first, second) = (gateway.NewApp(), gateway.NewApp());
        var nonce = Convert.ToBase64String(new byte[16]);
        var one = new PacketMaker(await gateway.SetUpAsync(first));
        var two = new PacketMaker(await gateway.SetUpAsync(
            second, ("Receipt-Nonce", nonce), ("Receipt-Secret", Convert.ToBase64String(new byte[32]))));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, one.Money(70_000)));
        await Eventually.TrueAsync<bool>("the first is listed", async () => (await ListAsync(owner)).Count == 1 ? true : null);
        var packet = two.Money(30_000);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));

        await Eventually.TrueAsync<bool>("both are listed", async () => (await ListAsync(owner)).Count == 2 ? true : null);
        var listed = await ListAsync(owner);

        Assert.Equal([(second, "30000"), (first, "70000")], listed.Select(Of));
        var reference = listed[1].GetProperty("reference").GetString();
        Assert.Equal((first, "70000"), Of(Assert.Single(await ListAsync(owner, $"?reference={reference}"))));
        Assert.Equal((second, "30000"), Of(Assert.Single(await ListAsync(owner, $"?nonce={Uri.EscapeDataString(nonce)}"))));
        var bytes = new byte[32];
        packet.ExecutionCondition.CopyTo(bytes);
        var condition = Convert.ToHexString(bytes);
        var found = Assert.Single(await ListAsync(owner, $"?condition={condition}"));
        Assert.Equal(second, found.GetProperty("account").GetString());
        Assert.Empty(await ListAsync(owner, "?reference=another"));
        Assert.Empty(await ListAsync(owner, $"?condition={new string('0', 64)}"));
        // By pages, and by filters.
        var page = (await owner.GetAsync("/payments?size=1")).Json;
        var next = page.GetProperty("next").GetString();
        Assert.Equal((first, "70000"), Of(Assert.Single(await ListAsync(owner, $"?size=1&cursor={next}"))));
        Assert.Equal(2, (await ListAsync(owner, "?way=stream")).Count);
        Assert.Empty(await ListAsync(owner, "?way=wallet"));
        Assert.Empty(await ListAsync(owner, $"?until={TimeProvider.System.GetUtcNow().AddDays(-1):yyyy-MM-dd}"));
    }

    [Theory]
    [InlineData("size=0", "size")]
    [InlineData("size=201", "size")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("way=gold", "way")]
    [InlineData("from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "from")]
    [InlineData("reference=a&nonce=b", "reference")]
    [InlineData("reference=", "reference")]
    [InlineData("reference=a%09b", "reference")]
    [InlineData("nonce=AAAA", "nonce")]
    [InlineData("condition=zz", "condition")]
    public async Task A_request_out_of_range_is_refused(string query, string parameter)
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);

        var answer = await owner.GetAsync("/payments?" + query);

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Problem));
        Assert.Equal(parameter, answer.Json.GetProperty("parameter").GetString());
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(OwnersClient owner, string query = "") =>
        [.. (await owner.GetAsync("/payments" + query)).Json.GetProperty("items").EnumerateArray()];

    private static (string? Account, string? Units) Of(JsonElement payment) =>
        (payment.GetProperty("account").GetString(), payment.GetProperty("amount").GetProperty("units").GetString());
}
