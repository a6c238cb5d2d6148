using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Receiving;

/// <summary>A host whose wallet is this library's own receiver.</summary>
public sealed class ReceivingClientTests : IAsyncLifetime
{
    private static readonly PayerWallet Wallet = new(
        ReceiverUnderTest.Hello, "hello", "USD", 9, new Uri("https://codius.test/auth"), new Uri("https://codius.test/op/hello"));

    private readonly ReceiverUnderTest _receiver = new();
    private HttpClient? _http;
    private ReceivingClient? _client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _receiver.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _receiver.InitializeAsync();
        _http = new HttpClient(new AtKestrel(_receiver.Http.BaseAddress!));
        var signer = MessageSigner.Named(RandomNumberGenerator.GetBytes(32), TimeProvider.System);
        _client = new ReceivingClient(
            new WalletCalls(_http, insecure: true, signer, _receiver.Time), new ClientIdentity(signer.PublicJwk, null), _receiver.Time);
    }

    public ValueTask DisposeAsync()
    {
        _http?.Dispose();
        return _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_payment_is_made_paid_read_and_completed()
    {
        var metadata = new JsonObject { ["account"] = "hello" };
        var made = (await _client!.CreateAsync(Wallet, new(100, Now.AddHours(1), metadata), Stop)).GetValueOrThrow();
        Assert.Equal((0UL, 100UL, false, Now.AddHours(1)), (made.ReceivedAmount, made.IncomingAmount, made.Completed, made.ExpiresAt));
        Assert.Equal(("USD", 9), (made.AssetCode, made.AssetScale));
        Assert.Equal(("test.codius.abc", 32), (made.Method!.IlpAddress, made.Method.SharedSecret.Length));
        Assert.Equal("""{"account":"hello"}""", Assert.Single(_receiver.Payments.Wanted).Metadata);

        Assert.True(_receiver.Payments.Pay(made.Url.AbsoluteUri, _receiver.Urls, 40));
        var read = (await _client.ReadAsync(Wallet, made.Url, Stop)).GetValueOrThrow();
        Assert.Equal((made.Url, 40UL, false), (read.Url, read.ReceivedAmount, read.Completed));
        Assert.NotNull(read.Method);

        var completed = (await _client.CompleteAsync(Wallet, made.Url, Stop)).GetValueOrThrow();
        var again = (await _client.CompleteAsync(Wallet, made.Url, Stop)).GetValueOrThrow();
        Assert.Equal((40UL, true, null), (completed.ReceivedAmount, completed.Completed, completed.Method));
        Assert.Equal(completed, again);
    }

    [Fact]
    public async Task The_grant_outlives_its_tokens_even_those_that_ended_unused()
    {
        var made = (await _client!.CreateAsync(Wallet, new(null, Now.AddDays(1), null), Stop)).GetValueOrThrow();
        foreach (var minutes in (int[])[8, 8, 11, 600])
        {
            _receiver.Time.Advance(TimeSpan.FromMinutes(minutes));
            Assert.True((await _client.ReadAsync(Wallet, made.Url, Stop)).IsGood);
        }
        Assert.Equal(0, _receiver.KeyFetches);
    }

    [Fact]
    public async Task One_that_ended_unpaid_is_gone()
    {
        var made = (await _client!.CreateAsync(Wallet, new(null, Now.AddMinutes(1), null), Stop)).GetValueOrThrow();
        _receiver.Time.Advance(TimeSpan.FromMinutes(2));

        var gone = await _client.ReadAsync(Wallet, made.Url, Stop);

        Assert.Equal((WalletFault.Gone, 404), (gone.Fault, gone.Status));
    }

    [Fact]
    public async Task A_payment_that_the_wallet_does_not_want_is_refused_with_its_words()
    {
        var refused = await _client!.CreateAsync(Wallet, new(null, Now.AddDays(31), null), Stop);

        Assert.Equal((WalletFault.Refused, 400, "expiresAt is more than 30 days ahead."), (refused.Fault, refused.Status, refused.Detail));
    }

    [Fact]
    public async Task A_wallet_that_is_down_is_in_trouble_and_says_for_how_long()
    {
        var made = (await _client!.CreateAsync(Wallet, new(null, Now.AddDays(1), null), Stop)).GetValueOrThrow();
        _receiver.Payments.Down = true;

        var failed = await _client.ReadAsync(Wallet, made.Url, Stop);
        Assert.Equal((WalletFault.Trouble, 503, TimeSpan.FromSeconds(5)), (failed.Fault, failed.Status, failed.RetryAfter));

        await _receiver.DisposeAsync();
        Assert.Equal(WalletFault.Unreachable, (await _client.ReadAsync(Wallet, made.Url, Stop)).Fault);
    }

    /// <summary>Sends what is signed for the public origin to the server itself.</summary>
    private sealed class AtKestrel(Uri server) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(server, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
