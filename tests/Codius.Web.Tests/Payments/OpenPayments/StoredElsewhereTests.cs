using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>Formats that outlive a version of the gateway: in Redis, and in other systems.</summary>
public sealed class StoredElsewhereTests
{
    [Fact]
    public async Task A_payment_that_an_earlier_version_stored_still_belongs_to_its_client()
    {
        await using var gateway = await PayableGateway.StartAsync();
        var (app, client, other) = (gateway.NewApp(), new BareClient(gateway), new BareClient(gateway));
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        var document = JsonSerializer.Serialize(new { Client = "jwk:" + client.Thumbprint, CreatedAt = now, Metadata = (string?)null });
        await gateway.Services.GetRequiredService<IncomingLedger>().CreateAsync(
            new IncomingRecord(id, AccountId.OfApp(app), null, 0, false, now.AddHours(1), document), 10, "anyone", 10);
        var url = $"{client.PaymentsOf(app)}/{id}";

        var own = await client.SendAsync(HttpMethod.Get, url, token: await client.GrantAsync(app, "read"));
        var list = await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app), token: await client.GrantAsync(app, "list"));
        var strange = await other.SendAsync(HttpMethod.Get, url, token: await other.GrantAsync(app, "read"));

        Assert.Equal((200, 1, 403), (own.Status, list.Json!["result"]!.AsArray().Count, strange.Status));
    }

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
