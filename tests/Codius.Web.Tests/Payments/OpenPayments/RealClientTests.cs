using System.Text.Json;
using Codius.Testing;
using Codius.Web.Tests.Payments.Interop;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>
/// Today's way of paying, with the library that wallets and extensions use, signed, over HTTPS; the money is sent by third-party programs.
/// </summary>
public sealed class RealClientTests(RealClientFixture fixture) : IClassFixture<RealClientFixture>
{
    private static readonly string[] AllActions = ["create", "read", "read-all", "list", "complete"];

    private PayableGateway Gateway => fixture.Gateway;

    private RealClient Client => fixture.Client;

    [Fact]
    public async Task Every_call_is_answered_as_the_specification_says()
    {
        var app = Gateway.NewApp();
        var receiver = await LookUpAsync(app);
        Assert.Equal(Gateway.UrlOf(app) + ".well-known/pay", receiver.Id);
        var keys = (await Client.CallAsync("walletAddress.getKeys", new { url = receiver.Id })).GetProperty("keys");
        Assert.Equal("Ed25519", Assert.Single(keys.EnumerateArray()).GetProperty("crv").GetString());

        var grant = await AskForGrantAsync(receiver);
        var token = TokenOf(grant);
        var payment =
            await CreateAsync(receiver, token, new { walletAddress = receiver.Id, metadata = new { source = "Web Monetization" } });
        var id = payment.GetProperty("id").GetString()!;
        Assert.Matches(@"/incoming-payments/[0-9a-f-]{36}$", id);
        var inPublic = await Client.CallAsync("incomingPayment.getPublic", new { url = id });
        Assert.Equal("0", inPublic.GetProperty("receivedAmount").GetProperty("value").GetString());
        Assert.Equal(payment.GetProperty("methods").GetArrayLength(), (await ReadAsync(id, token)).GetProperty("methods").GetArrayLength());
        using (var connector = Gateway.Connector())
            Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, new PacketMaker(RealClient.MethodOf(payment)).Money(5)));
        var list =
            await Client.CallAsync("incomingPayment.list", new { url = receiver.Server, accessToken = token, walletAddress = receiver.Id });
        Assert.Equal(id, Assert.Single(list.GetProperty("result").EnumerateArray()).GetProperty("id").GetString());

        var rotated = await Client.CallAsync("token.rotate", new { url = ManageOf(grant), accessToken = token });
        Assert.Equal((401, "invalid_token"), await Client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = token }));
        var fresh = TokenOf(rotated);
        var completed = await Client.CallAsync("incomingPayment.complete", new { url = id, accessToken = fresh });
        Assert.True(completed.GetProperty("completed").GetBoolean());
        Assert.Empty((await ReadAsync(id, fresh)).GetProperty("methods").EnumerateArray());

        await Client.CallAsync("token.revoke", new { url = ManageOf(rotated), accessToken = fresh });
        Assert.Equal((401, "invalid_token"), await Client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = fresh }));
        var other = await AskForGrantAsync(receiver);
        var continuation = other.GetProperty("continue");
        await Client.CallAsync("grant.cancel", new
        {
            url = continuation.GetProperty("uri").GetString(),
            accessToken = continuation.GetProperty("access_token").GetProperty("value").GetString(),
        });
        Assert.Equal((401, "invalid_token"),
            await Client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = TokenOf(other) }));
    }

    [Fact]
    public async Task A_bare_key_is_given_a_grant_too()
    {
        var receiver = await LookUpAsync(Gateway.NewApp());
        var grant = await Client.RequestWithBareKeyAsync(new { url = receiver.Auth }, Wanted(receiver.Id));
        Assert.Equal(600, grant.GetProperty("access_token").GetProperty("expires_in").GetInt32());
    }

    [Theory]
    [InlineData("stream-client.mjs")]
    [InlineData("pay.mjs")]
    public async Task A_payment_of_a_fixed_amount_completes_when_it_is_full_and_takes_no_more(string payer)
    {
        var app = Gateway.NewApp();
        var receiver = await LookUpAsync(app);
        var token = TokenOf(await AskForGrantAsync(receiver));
        var payment = await CreateAsync(receiver, token, new { walletAddress = receiver.Id, incomingAmount = Amount("123456") });
        var (id, method) = (payment.GetProperty("id").GetString()!, RealClient.MethodOf(payment));

        var (paid, connector) = await JavaScriptPayer.PayAsync(Gateway, payer, method, 123_456);

        Assert.Equal("123456", paid.GetProperty("delivered").GetString());
        Assert.Equal(123_456UL, connector.Credited);
        var full = await ReadAsync(id, token);
        Assert.Equal(("123456", true), (Received(full), full.GetProperty("completed").GetBoolean()));
        Assert.Empty(full.GetProperty("methods").EnumerateArray());

        var (_, second) = await JavaScriptPayer.PayAsync(Gateway, "pay.mjs", method, 10);
        Assert.Equal(0UL, second.Credited);
        Assert.Equal("123456", Received(await ReadAsync(id, token)));
        Assert.Equal(123_456UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_payment_without_an_amount_is_paid_again_and_again_until_it_is_completed()
    {
        var app = Gateway.NewApp();
        var receiver = await LookUpAsync(app);
        var token = TokenOf(await AskForGrantAsync(receiver));
        var payment = await CreateAsync(receiver, token, new { walletAddress = receiver.Id });
        var (id, method) = (payment.GetProperty("id").GetString()!, RealClient.MethodOf(payment));

        foreach (var total in new[] { "4000", "8000" })
        {
            var (paid, _) = await JavaScriptPayer.PayAsync(Gateway, "stream-client.mjs", method, 4_000);
            Assert.Equal("4000", paid.GetProperty("delivered").GetString());
            Assert.Equal((total, false),
                (Received(await ReadAsync(id, token)), (await ReadAsync(id, token)).GetProperty("completed").GetBoolean()));
        }
        await Client.CallAsync("incomingPayment.complete", new { url = id, accessToken = token });
        var (_, late) = await JavaScriptPayer.PayAsync(Gateway, "pay.mjs", method, 4_000);

        Assert.Equal(0UL, late.Credited);
        Assert.Equal(8_000UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task The_packet_that_completed_a_payment_is_fulfilled_again_when_it_is_repeated_and_counted_once()
    {
        var app = Gateway.NewApp();
        var receiver = await LookUpAsync(app);
        var token = TokenOf(await AskForGrantAsync(receiver));
        var payment = await CreateAsync(receiver, token, new { walletAddress = receiver.Id, incomingAmount = Amount("700") });
        var maker = new PacketMaker(RealClient.MethodOf(payment));
        using var connector = Gateway.Connector();

        var over = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, maker.Money(701)));
        var packet = maker.Money(700);
        var first = Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));
        using var repeated = new RefusalCounter("codius.credits.repeated", ("way", "packet"));
        var again = Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));
        using var refused = new RefusalCounter("packet", "closed");
        var further = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, maker.Money(1)));

        Assert.Equal((IlpErrorCode.F08AmountTooLarge, first.Fulfillment), (over.Code, again.Fulfillment));
        Assert.Equal(IlpErrorCode.F99ApplicationError, further.Code);
        Assert.Contains(maker.Open(further).Frames, frame => frame is ConnectionCloseFrame);
        refused.AssertAtLeast(1);
        repeated.AssertAtLeast(1);
        Assert.Equal("700", Received(await ReadAsync(payment.GetProperty("id").GetString()!, token)));
        Assert.Equal(700UL, (await Gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task An_expired_payment_takes_nothing_and_is_forgotten_if_it_was_never_paid()
    {
        var app = Gateway.NewApp();
        var receiver = await LookUpAsync(app);
        var token = TokenOf(await AskForGrantAsync(receiver));
        var soon = TimeProvider.System.GetUtcNow()
            .AddSeconds(2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var payment = await CreateAsync(receiver, token, new { walletAddress = receiver.Id, expiresAt = soon });
        var id = payment.GetProperty("id").GetString()!;
        await Eventually.TrueAsync("the payment is forgotten", async () =>
        {
            using var answer = await Gateway.GetAsync(id, "application/json");
            return (int)answer.StatusCode == 404 ? true : (bool?)null;
        });

        using var connector = Gateway.Connector();
        Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, new PacketMaker(RealClient.MethodOf(payment)).Money(5)));

        Assert.Equal((404, "not_found"), await Client.RefusedAsync("incomingPayment.get", new { url = id, accessToken = token }));
        Assert.Null(await Gateway.ReadAsync(app));
    }

    private async Task<Receiver> LookUpAsync(string app)
    {
        var address = await Client.CallAsync("walletAddress.get", new { url = Gateway.UrlOf(app) + ".well-known/pay" });
        return new Receiver(address.GetProperty("id").GetString()!, address.GetProperty("authServer").GetString()!,
            address.GetProperty("resourceServer").GetString()!);
    }

    private Task<JsonElement> AskForGrantAsync(Receiver receiver) =>
        Client.CallAsync("grant.request", new { url = receiver.Auth }, Wanted(receiver.Id));

    private Task<JsonElement> CreateAsync(Receiver receiver, string token, object payment) =>
        Client.CallAsync("incomingPayment.create", new { url = receiver.Server, accessToken = token }, payment);

    private Task<JsonElement> ReadAsync(string url, string token) =>
        Client.CallAsync("incomingPayment.get", new { url, accessToken = token });

    private static object Wanted(string identifier) =>
        new { access_token = new { access = new[] { new { type = "incoming-payment", actions = AllActions, identifier } } } };

    private static object Amount(string value) => new { value, assetCode = "USD", assetScale = 9 };

    private static string TokenOf(JsonElement grant) => grant.GetProperty("access_token").GetProperty("value").GetString()!;

    private static string ManageOf(JsonElement grant) => grant.GetProperty("access_token").GetProperty("manage").GetString()!;

    private static string Received(JsonElement payment) => payment.GetProperty("receivedAmount").GetProperty("value").GetString()!;

    private sealed record Receiver(string Id, string Auth, string Server);
}
