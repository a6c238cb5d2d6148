using System.Security.Cryptography;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Paying;

/// <summary>Where a wallet's own documents may lead the paying side: nowhere but to the public internet, by https.</summary>
public sealed class PayingClientGuardTests : IDisposable
{
    private readonly Counting _way = new();
    private readonly HttpClient _http;
    private readonly PayingClient _client;

    public PayingClientGuardTests()
    {
        _http = new HttpClient(_way);
        _client =
            new PayingClient(
            new WalletCalls(_http, insecure: false, new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System)),
            "https://hello.codius.test/.well-known/pay");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("http://wallet.example/alice")]
    [InlineData("https://wallet.example:8443/alice")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[::1]/alice")]
    public async Task No_call_goes_where_strangers_must_not_send_us(string url)
    {
        var (here, there) = (new Uri(url), new Uri("https://wallet.example/op"));
        var wallet = new PayerWallet("https://wallet.example/alice", "Alice", "USD", 9, here, there);
        var consent = new PendingConsent(there, "finish", here, "token");

        Assert.Equal(WalletFault.NotAllowed, (await _client.LookUpAsync(here, Stop)).Fault);
        Assert.Equal(WalletFault.NotAllowed,
            (await _client.QuoteAsync(wallet, "https://codius.test/op/hello/incoming-payments/x", Stop)).Fault);
        Assert.Equal(WalletFault.NotAllowed, (await _client.AskForConsentAsync(wallet, new Quote("q", 1, 1), there, "nonce", Stop)).Fault);
        Assert.Equal(WalletFault.NotAllowed, (await _client.FetchGrantAsync(consent, "reference", Stop)).Fault);
        Assert.Equal(WalletFault.NotAllowed, (await _client.PayAsync(here, wallet.Id, "q", "token", Stop)).Fault);
        Assert.Equal(0, _way.Calls);
    }

    private sealed class Counting : HttpMessageHandler
    {
        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound));
        }
    }
}
