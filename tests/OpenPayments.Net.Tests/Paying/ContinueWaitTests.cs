using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Codius.Testing;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Paying;

/// <summary>A wallet that wants to be asked for a grant no sooner than it says.</summary>
public sealed class ContinueWaitTests : IDisposable
{
    private static readonly Uri Here = new("https://wallet.example/auth");
    private static readonly PayerWallet Payer = new("https://wallet.example/alice", "Alice", "USD", 9, Here, Here);

    private readonly JumpingClock _time = new();
    private readonly Wallet _wallet = new();
    private readonly HttpClient _http;
    private readonly PayingClient _client;

    public ContinueWaitTests()
    {
        _http = new HttpClient(_wallet);
        var signer = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System);
        _client = new PayingClient(new WalletCalls(_http, insecure: false, signer), "https://hello.codius.test/.well-known/pay", _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("5", 0, 5)]
    [InlineData("5", 2, 3)]
    [InlineData("5", 5, 0)]
    [InlineData("5", 60, 0)]
    [InlineData("5", -3600, 5)]
    [InlineData("3600", 0, 10)]
    [InlineData("0", 0, 0)]
    [InlineData("-1", 0, 0)]
    [InlineData("\"5\"", 0, 0)]
    [InlineData(null, 0, 0)]
    public async Task The_rest_of_the_wait_passes_before_the_grant_is_fetched_and_never_more_than_ten_seconds(
        string? wait, int passed, int left)
    {
        var consent = await AskAsync(wait);
        _time.Advance(TimeSpan.FromSeconds(passed));

        Assert.True((await _client.FetchGrantAsync(consent, "reference", Stop)).IsGood);

        Assert.Equal(left == 0 ? [] : [TimeSpan.FromSeconds(left)], _time.Waits);
        Assert.Equal(1, _wallet.Continued);
    }

    [Theory]
    [InlineData("""{"error":{"code":"too_fast","description":"polled too fast"}}""", "7", 7)]
    [InlineData("""{"error":"too_fast"}""", "3600", 10)]
    [InlineData("""{"error":{"code":"too_fast"}}""", null, 5)]
    public async Task A_wallet_that_was_asked_too_fast_is_asked_once_more_after_the_wait_it_wants(string error, string? wait, int again)
    {
        var consent = await AskAsync(wait);
        _time.Advance(TimeSpan.FromHours(2));
        _wallet.Errors.Enqueue(error);

        Assert.Equal("pay", (await _client.FetchGrantAsync(consent, "reference", Stop)).Value);

        Assert.Equal([TimeSpan.FromSeconds(again)], _time.Waits);
        Assert.Equal(2, _wallet.Continued);
    }

    [Fact]
    public async Task A_wallet_that_is_never_content_is_asked_twice()
    {
        var consent = await AskAsync("5");
        for (var i = 0; i < 3; i++) _wallet.Errors.Enqueue("""{"error":{"code":"too_fast"}}""");

        Assert.Equal(WalletFault.Refused, (await _client.FetchGrantAsync(consent, "reference", Stop)).Fault);

        Assert.Equal(2, _wallet.Continued);
    }

    [Theory]
    [InlineData("""{"error":{"code":"request_denied"}}""")]
    [InlineData("""{"error":7}""")]
    [InlineData("7")]
    [InlineData("not JSON")]
    [InlineData("")]
    public async Task Any_other_refusal_is_one_at_once(string body)
    {
        var consent = await AskAsync(null);
        _wallet.Errors.Enqueue(body);

        Assert.Equal(WalletFault.Refused, (await _client.FetchGrantAsync(consent, "reference", Stop)).Fault);

        Assert.Equal(1, _wallet.Continued);
        Assert.Empty(_time.Waits);
    }

    private async Task<PendingConsent> AskAsync(string? wait)
    {
        _wallet.Wait = wait;
        return (await _client.AskForConsentAsync(Payer, new Quote("q", 1, 1), Here, "nonce", Stop)).GetValueOrThrow();
    }

    private sealed class Wallet : HttpMessageHandler
    {
        public string? Wait { get; set; }

        public Queue<string> Errors { get; } = new();

        public int Continued { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var next = new JsonObject
            {
                ["access_token"] = new JsonObject { ["value"] = "continue" },
                ["uri"] = "https://wallet.example/continue",
            };
            if (Wait is not null) next["wait"] = JsonNode.Parse(Wait);
            if (request.RequestUri == Here)
                return Answer(HttpStatusCode.OK, new JsonObject
                {
                    ["interact"] = new JsonObject { ["redirect"] = "https://wallet.example/consent", ["finish"] = "finish" },
                    ["continue"] = next,
                }.ToJsonString());
            Continued++;
            return Errors.TryDequeue(out var error)
                ? Answer(HttpStatusCode.BadRequest, error)
                : Answer(HttpStatusCode.OK, """{"access_token":{"value":"pay"}}""");
        }

        private static Task<HttpResponseMessage> Answer(HttpStatusCode status, string body) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
    }
}
