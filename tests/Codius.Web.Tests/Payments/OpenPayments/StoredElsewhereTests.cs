using Codius.Web.Balances;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>Formats that outlive a version of the gateway, in other systems.</summary>
public sealed class StoredElsewhereTests
{
    [Fact]
    public async Task An_ILP_address_has_at_most_1023_characters()
    {
        // The longest prefix and account, and an address with every optional claim.
        await using var gateway = await PayableGateway.StartAsync(settings: ["Payments:IlpAddress=test." + new string('x', 695)]);
        var app = new string('a', AccountId.MaxLength);
        gateway.Deploy(app);
        var client = new BareClient(gateway);

        var payment = await client.TryCreateAsync(app, await client.GrantAsync(app, "create"));
        var spsp = await gateway.SetUpAsync(app,
            ("Receipt-Nonce", Convert.ToBase64String(new byte[16])), ("Receipt-Secret", Convert.ToBase64String(new byte[32])));

        Assert.InRange(((string)payment.Json!["methods"]![0]!["ilpAddress"]!).Length, 701, 1023);
        Assert.InRange(spsp.DestinationAccount.Length, 701, 1023);
    }
}
