using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Receiving;

/// <summary>One grant serves all payments at a wallet, and is replaced when it ends, whatever the wallet does.</summary>
public sealed class ReceivingGrantTests : IDisposable
{
    private const string Self = "https://host.example/pay";
    private static readonly Uri Payment = new(ScriptedWallet.Payment);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedWallet _wallet = new();
    private readonly MessageSigner _signer = MessageSigner.Named(RandomNumberGenerator.GetBytes(32), TimeProvider.System);
    private readonly HttpClient _http;
    private readonly ReceivingClient _client;

    public ReceivingGrantTests()
    {
        _http = new HttpClient(_wallet);
        _client = NewClient(Self);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_grant_is_for_this_wallet_address_needs_no_consent_and_names_the_key()
    {
        Assert.True((await ReadAsync()).IsGood);

        var body = Assert.Single(_wallet.Bodies);
        Assert.Equal(
            """{"access":[{"type":"incoming-payment","actions":["create","read","complete"],"identifier":"https://wallet.example/me"}]}""",
            body["access_token"]!.ToJsonString());
        Assert.Equal(_signer.PublicJwk.ToJson().ToJsonString(), body["client"]!["jwk"]!.ToJsonString());
        Assert.Equal("EdDSA", (string)body["client"]!["jwk"]!["alg"]!);
        Assert.Null(body["interact"]);
    }

    [Fact]
    public async Task Callers_that_come_together_share_one_request_and_one_that_gives_up_does_not_end_it()
    {
        var gate = new TaskCompletionSource();
        _wallet.BeforeGrants = gate.Task;
        using var impatient = new CancellationTokenSource();
        var first = _client.ReadAsync(ScriptedWallet.Document, Payment, impatient.Token);
        var others = Enumerable.Range(0, 20).Select(_ => ReadAsync()).ToArray();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.All(await Task.WhenAll(others), answer => Assert.True(answer.IsGood));
        Assert.Equal(1, _wallet.AskedFor(ScriptedWallet.Grant));
    }

    [Fact]
    public async Task The_token_is_rotated_before_its_end()
    {
        await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(449));
        await ReadAsync();
        Assert.Equal(0, _wallet.AskedFor(ScriptedWallet.Rotate));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await ReadAsync()).IsGood);
        _time.Advance(TimeSpan.FromSeconds(449));
        Assert.True((await ReadAsync()).IsGood);

        Assert.Equal((1, 1), (_wallet.AskedFor(ScriptedWallet.Grant), _wallet.AskedFor(ScriptedWallet.Rotate)));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "")]
    [InlineData(HttpStatusCode.NotFound, "")]
    [InlineData(HttpStatusCode.InternalServerError, "")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.OK, "not JSON")]
    public async Task A_token_that_is_not_rotated_is_replaced_by_a_new_grants(HttpStatusCode status, string body)
    {
        await ReadAsync();
        _time.Advance(TimeSpan.FromSeconds(500));
        _wallet.Answer(ScriptedWallet.Rotate, status, body);

        Assert.True((await ReadAsync()).IsGood);

        Assert.Equal(2, _wallet.AskedFor(ScriptedWallet.Grant));
    }

    [Fact]
    public async Task A_token_whose_end_is_not_said_is_used_until_it_is_refused()
    {
        _wallet.Lifetime = null;
        await ReadAsync();
        _time.Advance(TimeSpan.FromDays(2));
        Assert.True((await ReadAsync()).IsGood);

        _wallet.Revoke();
        Assert.True((await ReadAsync()).IsGood);

        Assert.Equal((2, 0), (_wallet.AskedFor(ScriptedWallet.Grant), _wallet.AskedFor(ScriptedWallet.Rotate)));
        Assert.Equal(4, _wallet.AskedFor(ScriptedWallet.Read));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_create_that_is_refused_is_repeated_once_with_a_new_grant(HttpStatusCode status)
    {
        _wallet.Answer(ScriptedWallet.Create, status);

        Assert.True((await CreateAsync()).IsGood);

        Assert.Equal((2, 2), (_wallet.AskedFor(ScriptedWallet.Grant), _wallet.AskedFor(ScriptedWallet.Create)));
    }

    [Fact]
    public async Task Payments_that_have_ended_do_not_ask_for_a_grant_each()
    {
        for (var i = 0; i < 5; i++) Refuse();

        var first = await ReadAsync();
        var second = await ReadAsync();

        Assert.Equal((WalletFault.Refused, 401, "Failed to get wallet address"), (first.Fault, first.Status, first.Detail));
        Assert.Equal((WalletFault.Refused, 401), (second.Fault, second.Status));
        Assert.Equal((2, 3), (_wallet.AskedFor(ScriptedWallet.Grant), _wallet.AskedFor(ScriptedWallet.Read)));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(401, (await ReadAsync()).Status);
        Assert.Equal((3, 5), (_wallet.AskedFor(ScriptedWallet.Grant), _wallet.AskedFor(ScriptedWallet.Read)));
        Assert.True((await ReadAsync()).IsGood);

        void Refuse() => _wallet.Answer(
            ScriptedWallet.Read, HttpStatusCode.Unauthorized, """{"error":{"description":"Failed to get wallet address"}}""");
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"invalid_client","description":"could not determine client"}}""")]
    [InlineData(400, """{"error":"invalid_request","message":"/client must be string"}""")]
    [InlineData(401, "Unauthorized")]
    public async Task A_wallet_that_does_not_take_a_key_is_told_a_wallet_address_from_then_on(int status, string body)
    {
        _wallet.Answer(ScriptedWallet.Grant, (HttpStatusCode)status, body);

        Assert.True((await ReadAsync()).IsGood);
        _time.Advance(TimeSpan.FromSeconds(500));
        _wallet.Answer(ScriptedWallet.Rotate, HttpStatusCode.NotFound);
        Assert.True((await ReadAsync()).IsGood);

        Assert.Equal(["key", Self, Self], _wallet.Bodies.Select(sent => sent["client"] is JsonObject ? "key" : (string)sent["client"]!));
    }

    [Fact]
    public async Task A_wallet_that_takes_neither_form_refuses_for_what_it_says_about_the_better_one()
    {
        _wallet.Answer(ScriptedWallet.Grant, HttpStatusCode.BadRequest, """{"error":{"code":"invalid_client","description":"one"}}""");
        _wallet.Answer(ScriptedWallet.Grant, HttpStatusCode.Unauthorized, """{"error":{"code":"invalid_client","description":"two"}}""");

        var refused = await ReadAsync();

        Assert.Equal((WalletFault.NotGranted, 400, "one"), (refused.Fault, refused.Status, refused.Detail));
        Assert.True((await ReadAsync()).IsGood);
        Assert.Equal("OKP", (string)_wallet.Bodies.Last()["client"]!["jwk"]!["kty"]!);
    }

    [Fact]
    public async Task Without_a_wallet_address_there_is_one_form()
    {
        _wallet.Answer(ScriptedWallet.Grant, HttpStatusCode.BadRequest, """{"error":{"code":"invalid_client"}}""");

        Assert.Equal(WalletFault.NotGranted, (await NewClient(null).ReadAsync(ScriptedWallet.Document, Payment, Stop)).Fault);
        Assert.Equal([ScriptedWallet.Grant], _wallet.Asked);
    }

    // What becomes of a grant says nothing about the payment: no 401 or 404 of its own may look like the payment's.
    [Theory]
    [InlineData(200, """{"interact":{"redirect":"https://wallet.example/consent"},"access_token":{"value":"x"}}""", WalletFault.NotGranted)]
    [InlineData(400, """{"error":{"code":"invalid_request"}}""", WalletFault.NotGranted)]
    [InlineData(401, """{"error":{"code":"request_denied"}}""", WalletFault.NotGranted)]
    [InlineData(404, "", WalletFault.NotGranted)]
    [InlineData(302, "", WalletFault.NotGranted)]
    [InlineData(200, "{}", WalletFault.NotAWallet)]
    [InlineData(200, """{"access_token":{"value":"not a\nheader"}}""", WalletFault.NotAWallet)]
    [InlineData(200, """{"access_token":{"value":7}}""", WalletFault.NotAWallet)]
    [InlineData(200, """{"access_token":{"value":"\ud800"}}""", WalletFault.NotAWallet)]
    [InlineData(500, "", WalletFault.Trouble)]
    [InlineData(429, "", WalletFault.Trouble)]
    public async Task A_grant_that_is_none_is_no_answer_about_the_payment(int status, string body, WalletFault fault)
    {
        _wallet.Answer(ScriptedWallet.Grant, (HttpStatusCode)status, body, response =>
            response.Headers.TryAddWithoutValidation("Retry-After", "7"));

        var answer = await ReadAsync();

        Assert.Equal((fault, status, TimeSpan.FromSeconds(7)), (answer.Fault, answer.Status, answer.RetryAfter));
        Assert.Equal([ScriptedWallet.Grant], _wallet.Asked);
        Assert.True((await ReadAsync()).IsGood);
    }

    private ReceivingClient NewClient(string? self) =>
        new(new WalletCalls(_http, insecure: false, _signer, _time), new ClientIdentity(_signer.PublicJwk, self), _time);

    private Task<WalletAnswer<ReceivingPayment>> ReadAsync() => _client.ReadAsync(ScriptedWallet.Document, Payment, Stop);

    private Task<WalletAnswer<ReceivingPayment>> CreateAsync() =>
        _client.CreateAsync(ScriptedWallet.Document, new NewReceivingPayment(null, _time.GetUtcNow().AddHours(1), null), Stop);
}
