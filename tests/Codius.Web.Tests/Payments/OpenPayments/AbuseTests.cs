using System.Text.Json.Nodes;
using Codius.Testing;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>Forged, other hosts' and misused tokens and packets: a clear answer, nothing changed, a counter raised.</summary>
public sealed class AbuseTests(PayableOnRedis fixture) : IClassFixture<PayableOnRedis>
{
    private const string OtherSecret = "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=";

    private PayableGateway Gateway => fixture.Gateway;

    [Fact]
    public async Task The_documents_of_an_app_are_as_browsers_and_wallets_want_them()
    {
        var client = new BareClient(Gateway);
        var app = Gateway.NewApp();

        var (status, json, answer) = await client.SendAsync(HttpMethod.Get, BareClient.IdOf(Gateway, app), signed: false);

        Assert.Equal(200, status);
        Assert.Equal(
            $$"""{"id":"{{BareClient.IdOf(Gateway, app)}}","publicName":"{{app}}.codius.test","assetCode":"USD","assetScale":9,"authServer":"{{Gateway.Host}}/auth","resourceServer":"{{Gateway.Host}}/op/{{app}}"}""",
            json!.ToJsonString());
        Assert.Equal(("*", "public, max-age=300", "Accept"),
            (answer.Headers.GetValues("Access-Control-Allow-Origin").Single(), answer.Headers.CacheControl!.ToString(),
                answer.Headers.Vary.Single()));
        Assert.Equal(404, (await client.SendAsync(HttpMethod.Get, BareClient.IdOf(Gateway, "nobody"), signed: false)).Status);
        Assert.NotEmpty(
            (await client.SendAsync(HttpMethod.Get, BareClient.IdOf(Gateway, app) + "/jwks.json", signed: false)).Json!["keys"]!.AsArray());
    }

    [Fact]
    public async Task A_request_without_token_or_signature_is_told_where_to_ask()
    {
        var client = new BareClient(Gateway);
        var app = Gateway.NewApp();
        using var refused = new RefusalCounter("open payments", "401");

        var noToken = await client.SendAsync(HttpMethod.Post, client.PaymentsOf(app), new JsonObject());
        var noSignature = await client.AskForGrantAsync(app, signed: false, "create");
        var nothingToContinue = await client.SendAsync(HttpMethod.Post, Gateway.Host + "/auth/continue/x", new JsonObject());

        Assert.Equal((401, """{"error":{"code":"invalid_token","description":"Send the grant\u0027s token as \u0027Authorization: GNAP ...\u0027."}}"""), (noToken.Status, noToken.Json!.ToJsonString()));
        Assert.Equal($"GNAP as_uri={Gateway.Host}/auth", noToken.Answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("no-store", noToken.Answer.Headers.CacheControl!.ToString());
        Assert.Equal((401, "invalid_client"), (noSignature.Status, CodeOf(noSignature.Json)));
        Assert.Equal((401, "invalid_continuation"), (nothingToContinue.Status, CodeOf(nothingToContinue.Json)));
        refused.AssertAtLeast(3);
    }

    [Fact]
    public async Task Tokens_that_are_forged_foreign_or_for_another_account_open_nothing()
    {
        await using var other = await PayableGateway.StartAsync(settings: [$"Host:Secret={OtherSecret}"]);
        var (client, stranger) = (new BareClient(Gateway), new BareClient(Gateway));
        var (app, neighbour) = (Gateway.NewApp(), Gateway.NewApp());
        other.Deploy(app);
        var token = await client.GrantAsync(app, "create", "read", "list");
        var foreign = await new BareClient(other).GrantAsync(app, "create");
        var body = new JsonObject { ["walletAddress"] = BareClient.IdOf(Gateway, app) };

        async Task<(int, string)> CreateAsync(BareClient who, string with, string where)
        {
            var (status, json, _) = await who.SendAsync(HttpMethod.Post, who.PaymentsOf(where), body.DeepClone(), with);
            return (status, CodeOf(json));
        }

        using var refused = new RefusalCounter("open payments", "401");
        using var notAllowed = new RefusalCounter("open payments", "403");
        Assert.Equal((401, "invalid_token"), await CreateAsync(client, new string('A', 200), app));
        Assert.Equal((401, "invalid_token"), await CreateAsync(client, token[..^1] + (token[^1] == 'A' ? 'B' : 'A') + "A", app));
        Assert.Equal((401, "invalid_token"), await CreateAsync(client, foreign, app));
        Assert.Equal((401, "invalid_token"), await CreateAsync(stranger, token, app));
        Assert.Equal((403, "insufficient_grant"), await CreateAsync(client, token, neighbour));
        var list = await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app) + "?wallet-address="
            + Uri.EscapeDataString(BareClient.IdOf(Gateway, app)), token: token);
        Assert.Empty(list.Json!["result"]!.AsArray());
        refused.AssertAtLeast(4);
        notAllowed.AssertAtLeast(1);
    }

    [Fact]
    public async Task A_token_is_good_for_ten_minutes_and_then_only_to_be_rotated()
    {
        var time = new AheadOfTime();
        await using var gateway = await PayableGateway.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        var app = gateway.NewApp();
        var client = new BareClient(gateway);
        var grant = (await client.AskForGrantAsync(app, true, "create", "list")).Json!["access_token"]!;
        var (token, manage) = ((string)grant["value"]!, (string)grant["manage"]!);
        time.Ahead = TimeSpan.FromSeconds(590);
        Assert.Equal(201, (await client.TryCreateAsync(app, token)).Status);

        time.Ahead = TimeSpan.FromSeconds(601);
        using var refused = new RefusalCounter("open payments", "401");
        var expired = await client.TryCreateAsync(app, token);
        Assert.Equal((401, "invalid_token"), (expired.Status, CodeOf(expired.Json)));
        Assert.Equal("The grant's token is unknown, expired or cancelled; rotate it or ask for a new grant.",
            (string)expired.Json!["error"]!["description"]!);
        Assert.Equal($"GNAP as_uri={gateway.Host}/auth", expired.Answer.Headers.WwwAuthenticate.ToString());
        refused.AssertAtLeast(1);

        var (status, fresh, _) = await client.SendAsync(HttpMethod.Post, manage, token: token);
        Assert.Equal(200, status);
        var list = await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app), token: (string)fresh!["access_token"]!["value"]!);
        Assert.Equal(200, list.Status);
    }

    [Fact]
    public async Task A_payment_of_one_app_is_not_found_at_another()
    {
        var client = new BareClient(Gateway);
        var (app, neighbour) = (Gateway.NewApp(), Gateway.NewApp());
        var (url, _) = await client.CreateAsync(app);

        var elsewhere = await client.SendAsync(HttpMethod.Get, url.Replace($"/op/{app}/", $"/op/{neighbour}/", StringComparison.Ordinal),
            signed: false);

        Assert.Equal((404, "not_found"), (elsewhere.Status, CodeOf(elsewhere.Json)));
        Assert.Equal(0UL, await client.ReceivedAsync(url));
    }

    [Fact]
    public async Task A_packet_for_another_gateway_or_to_a_forged_address_is_rejected_and_counted()
    {
        await using var other = await PayableGateway.StartAsync(settings: [$"Host:Secret={OtherSecret}"]);
        var app = Gateway.NewApp();
        other.Deploy(app);
        var (_, foreign) = await new BareClient(other).CreateAsync(app);
        var (url, own) = await new BareClient(Gateway).CreateAsync(app);
        var text = own.DestinationAccount.ToString();
        var forged = own with { DestinationAccount = IlpAddress.Parse(text[..^2] + (text[^2] == 'A' ? 'B' : 'A') + text[^1]) };
        using var connector = Gateway.Connector();

        using var refused = new RefusalCounter("packet", "UnknownAddress");
        foreach (var target in new[] { foreign, forged })
        {
            var reply = await PacketMaker.SendAsync(connector, new PacketMaker(target).Money(5));
            Assert.StartsWith("F0", Assert.IsType<IlpReject>(reply).Code.ToString(), StringComparison.Ordinal);
        }

        Assert.Null(await Gateway.ReadAsync(app));
        Assert.Equal(0UL, await new BareClient(Gateway).ReceivedAsync(url));
        refused.AssertAtLeast(2);
    }

    private static string CodeOf(JsonNode? json) => (string)json!["error"]!["code"]!;
}
