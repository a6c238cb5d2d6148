using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Receiving;

/// <summary>A host's wallet that answers wrongly, or not at all: nothing that it did not clearly say is taken for money.</summary>
public sealed class ReceivingFaultsTests : IDisposable
{
    private static readonly Uri Payment = new(ScriptedWallet.Payment);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedWallet _wallet = new();
    private readonly HttpClient _http;
    private readonly ReceivingClient _client;

    public ReceivingFaultsTests()
    {
        _http = new HttpClient(_wallet);
        var signer = MessageSigner.Named(RandomNumberGenerator.GetBytes(32), TimeProvider.System);
        _client = new ReceivingClient(
            new WalletCalls(_http, insecure: false, signer, _time), new ClientIdentity(signer.PublicJwk, null), _time);
    }

    public static TheoryData<string> NotPayments =>
    [
        "", "not JSON", "[]", "7", "null", "{}", "{\"id\":\"", ScriptedWallet.Described()[..200],
        With("id", null), With("id", 7), With("id", "/op/incoming-payments/1"),
        With("id", ScriptedWallet.Payment + "2"),
        With("id", ScriptedWallet.Payment.Replace("wallet.example", "elsewhere.example", StringComparison.Ordinal)),
        With("receivedAmount", null), With("receivedAmount", 5), With("receivedAmount", "5"),
        Received("-1"), Received("18446744073709551616"), Received("1.5"), Received("1e3"), Received(""), Received(" 5"), Received(5),
        Received("5", code: null), Received("5", scale: "2"), Received("5", scale: 2.5),
        With("completed", "yes"), With("completed", 1), With("expiresAt", "soon"), With("expiresAt", 7),
        With("incomingAmount", 5),
        ScriptedWallet.Described().Replace("test.wallet.x_~-Y", "\\ud800", StringComparison.Ordinal),
    ];

    public static TheoryData<string> NotMethods =>
    [
        "null", "[]", "{}", "[7]", """[{"type":"ilp"}]""",
        Method("test.wallet.x", null), Method("test.wallet.x", ""), Method("test.wallet.x", new string('A', 42)),
        Method("test.wallet.x", new string('A', 44)), Method("test.wallet.x", new string('A', 42) + "/"),
        Method("test.wallet.x", new string('A', 300)),
        Method(null, Secret), Method("", Secret), Method("test", Secret), Method("test.", Secret), Method("TEST.wallet", Secret),
        Method("test..x", Secret), Method("test.wallet.x\n", Secret), Method("test.ü", Secret), Method("nowhere.wallet", Secret),
        Method("g." + new string('x', 1022), Secret),
    ];

    private static string Secret => new('A', 43);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [MemberData(nameof(NotPayments))]
    public async Task What_is_not_this_payment_is_none(string body)
    {
        _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.OK, body);
        _wallet.Answer(ScriptedWallet.Complete, HttpStatusCode.OK, body);

        Assert.Equal(WalletFault.NotAWallet, (await ReadAsync()).Fault);
        Assert.Equal(WalletFault.NotAWallet, (await _client.CompleteAsync(ScriptedWallet.Document, Payment, Stop)).Fault);
        Assert.Equal(5UL, (await ReadAsync()).Value?.ReceivedAmount);
    }

    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("9223372036854775808", 9223372036854775808UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public async Task Every_amount_of_64_bits_is_read(string value, ulong units)
    {
        _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.OK, Received(value));

        Assert.Equal(units, (await ReadAsync()).Value?.ReceivedAmount);
    }

    [Fact]
    public async Task An_amount_in_another_asset_or_with_other_digits_is_told_apart()
    {
        string[] bodies =
        [
            Received("5", code: "EUR"), Received("5", scale: 9),
            With("incomingAmount", new JsonObject { ["value"] = "9", ["assetCode"] = "USD", ["assetScale"] = 9 }),
        ];
        foreach (var body in bodies)
        {
            _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.OK, body);
            Assert.Equal(WalletFault.OtherAsset, (await ReadAsync()).Fault);
        }
    }

    [Fact]
    public async Task What_arrived_is_read_whatever_the_means_of_paying_are()
    {
        foreach (var methods in NotMethods)
        {
            _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.OK, With("methods", Parse(methods.Data)));
            var answer = await ReadAsync();
            Assert.Equal((5UL, null), (answer.Value?.ReceivedAmount, answer.Value?.Method));
        }
    }

    [Theory]
    [MemberData(nameof(NotMethods))]
    public async Task A_new_payment_that_cannot_be_paid_is_none(string methods)
    {
        _wallet.Answer(ScriptedWallet.Create, HttpStatusCode.Created, With("methods", Parse(methods)));

        Assert.Equal(WalletFault.NotAWallet, (await CreateAsync(null)).Fault);
    }

    [Fact]
    public async Task A_new_payment_accepts_what_was_asked_for_and_nothing_else()
    {
        var amount = new JsonObject { ["value"] = "7", ["assetCode"] = "USD", ["assetScale"] = 2 };
        for (var i = 0; i < 3; i++)
            _wallet.Answer(ScriptedWallet.Create, HttpStatusCode.Created, With("incomingAmount", amount.DeepClone()));

        Assert.Equal((WalletFault.NotAWallet, WalletFault.NotAWallet), ((await CreateAsync(null)).Fault, (await CreateAsync(8)).Fault));
        Assert.Equal(7UL, (await CreateAsync(7)).Value?.IncomingAmount);
        Assert.Equal(amount.ToJsonString(), _wallet.Bodies.Last()["incomingAmount"]!.ToJsonString());
    }

    [Theory]
    [InlineData(404, WalletFault.Gone)]
    [InlineData(410, WalletFault.Gone)]
    [InlineData(400, WalletFault.Refused)]
    [InlineData(409, WalletFault.Refused)]
    [InlineData(302, WalletFault.NotFollowed)]
    [InlineData(308, WalletFault.NotFollowed)]
    [InlineData(429, WalletFault.Trouble)]
    [InlineData(500, WalletFault.Trouble)]
    [InlineData(503, WalletFault.Trouble)]
    public async Task Each_status_has_its_fault_and_is_not_repeated(int status, WalletFault fault)
    {
        _wallet.Answer(ScriptedWallet.Read, (HttpStatusCode)status, "{}", response =>
            response.Headers.Location = new Uri("https://elsewhere.example/"));

        var answer = await ReadAsync();

        Assert.Equal((fault, status, null), (answer.Fault, answer.Status, answer.RetryAfter));
        Assert.Equal([ScriptedWallet.Grant, ScriptedWallet.Read], _wallet.Asked);
    }

    public static TheoryData<RetryConditionHeaderValue, int> Waits => new()
    {
        { new(TimeSpan.FromSeconds(30)), 30 },
        { new(new DateTimeOffset(2026, 11, 23, 12, 1, 0, TimeSpan.Zero)), 60 },
        { new(new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero)), 0 },
        { new(TimeSpan.FromDays(9)), 3600 },
    };

    [Theory]
    [MemberData(nameof(Waits), DisableDiscoveryEnumeration = true)]
    public async Task A_wallet_says_how_long_it_wants_to_be_left_alone(RetryConditionHeaderValue header, int seconds)
    {
        _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.TooManyRequests, "", response => response.Headers.RetryAfter = header);

        Assert.Equal(TimeSpan.FromSeconds(seconds), (await ReadAsync()).RetryAfter);
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_is_not_repeated()
    {
        _wallet.Answer(ScriptedWallet.Create, HttpStatusCode.Created, "", response => response.Content = new CutShort());

        Assert.Equal((WalletFault.Unreachable, 1), ((await CreateAsync(null)).Fault, _wallet.AskedFor(ScriptedWallet.Create)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(422)]
    public async Task A_payment_that_was_completed_before_is_read(int status)
    {
        _wallet.Answer(ScriptedWallet.Complete, (HttpStatusCode)status, """{"error":{"description":"wrong state"}}""");
        if (status is 401 or 403) _wallet.Answer(ScriptedWallet.Complete, (HttpStatusCode)status);
        _wallet.Answer(ScriptedWallet.Read, HttpStatusCode.OK, With("completed", true));

        Assert.Equal(5UL, (await _client.CompleteAsync(ScriptedWallet.Document, Payment, Stop)).Value?.ReceivedAmount);
        Assert.Equal(ScriptedWallet.Read, _wallet.Asked.Last());
    }

    [Fact]
    public async Task A_payment_that_still_accepts_money_is_not_completed_by_a_refusal()
    {
        _wallet.Answer(ScriptedWallet.Complete, HttpStatusCode.Conflict);

        var answer = await _client.CompleteAsync(ScriptedWallet.Document, Payment, Stop);

        Assert.Equal((WalletFault.Trouble, 409), (answer.Fault, answer.Status));
    }

    [Theory]
    [InlineData("https://elsewhere.example/op/incoming-payments/1")]
    [InlineData("http://wallet.example/op/incoming-payments/1")]
    [InlineData("https://wallet.example:8443/op/incoming-payments/1")]
    [InlineData("https://wallet.example/other/incoming-payments/1")]
    [InlineData("https://wallet.example/op2/incoming-payments/1")]
    [InlineData("https://wallet.example/op/../other/incoming-payments/1")]
    [InlineData("https://wallet.example/op/%2e%2e/other/incoming-payments/1")]
    [InlineData("https://wallet.example/op/quotes/1")]
    [InlineData("https://user@wallet.example/op/incoming-payments/1")]
    [InlineData("https://wallet.example/op/incoming-payments/1?x=y")]
    public async Task The_grant_goes_to_the_wallets_own_payments_alone(string url)
    {
        Assert.Equal(WalletFault.NotAWallet, (await _client.ReadAsync(ScriptedWallet.Document, new Uri(url), Stop)).Fault);
        Assert.Equal(WalletFault.NotAWallet, (await _client.CompleteAsync(ScriptedWallet.Document, new Uri(url), Stop)).Fault);
        Assert.Empty(_wallet.Asked);
    }

    private Task<WalletAnswer<ReceivingPayment>> ReadAsync() => _client.ReadAsync(ScriptedWallet.Document, Payment, Stop);

    private Task<WalletAnswer<ReceivingPayment>> CreateAsync(ulong? amount) =>
        _client.CreateAsync(ScriptedWallet.Document, new NewReceivingPayment(amount, _time.GetUtcNow().AddHours(1), null), Stop);

    private static string With(string member, JsonNode? value) => ScriptedWallet.Described(json =>
    {
        json.Remove(member);
        if (value is not null) json[member] = value;
    });

    private static string Received(JsonNode value, string? code = "USD", JsonNode? scale = null)
    {
        var amount = new JsonObject { ["value"] = value, ["assetScale"] = scale ?? 2 };
        if (code is not null) amount["assetCode"] = code;
        return With("receivedAmount", amount);
    }

    private static string Method(string? address, string? secret)
    {
        var method = new JsonObject { ["type"] = "ilp" };
        if (address is not null) method["ilpAddress"] = address;
        if (secret is not null) method["sharedSecret"] = secret;
        return new JsonArray(method).ToJsonString();
    }

    private static JsonNode? Parse(string json) => JsonNode.Parse(json);

    /// <summary>A body whose connection is lost in the middle.</summary>
    private sealed class CutShort : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("cut");

        protected override bool TryComputeLength(out long length)
        {
            length = 1000;
            return true;
        }
    }
}
