using System.Net;
using System.Security.Cryptography;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Paying;

/// <summary>A wallet address that leads on to another: up to three times, each guarded as the first.</summary>
public sealed class RedirectsTests : IDisposable
{
    private const string Document =
        """
        {"id":"https://wallet.example/alice","publicName":"Alice","assetCode":"USD","assetScale":9,
         "authServer":"https://auth.wallet.example","resourceServer":"https://wallet.example/op"}
        """;

    private readonly Redirecting _way = new();
    private readonly HttpClient _http;
    private readonly PayingClient _client;

    public RedirectsTests()
    {
        _http = new HttpClient(_way) { Timeout = TimeSpan.FromSeconds(30) };
        var signer = new MessageSigner(RandomNumberGenerator.GetBytes(32), "k", TimeProvider.System);
        _client = new PayingClient(new WalletCalls(_http, insecure: false, signer), "https://hello.codius.test/.well-known/pay");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.SeeOther)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task Three_redirects_are_followed_and_the_wallet_is_the_one_that_the_document_names(HttpStatusCode status)
    {
        _way.Status = status;
        _way.Steps["https://alice.example/.well-known/pay"] = "https://www.alice.example/.well-known/pay";
        _way.Steps["https://www.alice.example/.well-known/pay"] = "/pay"; // relative
        _way.Steps["https://www.alice.example/pay"] = "https://wallet.example/alice";

        var found = await _client.LookUpAsync(new Uri("https://alice.example/.well-known/pay"), Stop);

        Assert.Equal("https://wallet.example/alice", found.GetValueOrThrow().Id);
        Assert.Equal(4, _way.Asked.Count);
    }

    [Fact]
    public async Task A_fourth_is_not()
    {
        for (var step = 1; step <= 4; step++) _way.Steps[$"https://a.example/{step}"] = $"https://a.example/{step + 1}";

        Assert.Equal(WalletFault.NotFollowed, (await _client.LookUpAsync(new Uri("https://a.example/1"), Stop)).Fault);
        Assert.Equal(4, _way.Asked.Count);
    }

    [Theory]
    [InlineData("http://wallet.example/alice")]
    [InlineData("https://wallet.example:8443/alice")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/alice")]
    [InlineData("https://user:password@wallet.example/alice")]
    [InlineData("ftp://wallet.example/alice")]
    [InlineData("javascript:alert(1)")]
    public async Task None_leads_where_the_first_request_may_not_go(string target)
    {
        _way.Steps["https://alice.example/"] = target;

        Assert.Equal(WalletFault.NotFollowed, (await _client.LookUpAsync(new Uri("https://alice.example/"), Stop)).Fault);
        Assert.Equal(["https://alice.example/"], _way.Asked);
    }

    [Fact]
    public async Task The_callers_rule_is_asked_for_every_host()
    {
        _way.Steps["https://alice.example/"] = "https://victim.example/";
        var asked = new List<string>();

        var answer = await _client.LookUpAsync(new Uri("https://alice.example/"), Stop, url =>
        {
            asked.Add(url.Host);
            return url.Host != "victim.example";
        });

        Assert.Equal(WalletFault.NotAdmitted, answer.Fault);
        Assert.Equal(["alice.example", "victim.example"], asked);
        Assert.Equal(["https://alice.example/"], _way.Asked);
    }

    [Fact]
    public async Task All_of_them_together_take_no_longer_than_one_request_may()
    {
        _http.Timeout = TimeSpan.FromSeconds(1);
        _way.Delay = TimeSpan.FromMilliseconds(400);
        for (var step = 1; step <= 3; step++) _way.Steps[$"https://a.example/{step}"] = $"https://a.example/{step + 1}";

        Assert.Equal(WalletFault.Unreachable, (await _client.LookUpAsync(new Uri("https://a.example/1"), Stop)).Fault);
        Assert.True(_way.Asked.Count < 4);
    }

    [Fact]
    public async Task A_signed_request_is_never_redirected()
    {
        _way.Status = HttpStatusCode.TemporaryRedirect;
        _way.Steps["https://wallet.example/op/outgoing-payments"] = "https://evil.example/";

        var paid = await _client.PayAsync(new Uri("https://wallet.example/op"), "https://wallet.example/alice", "q", "token", Stop);

        Assert.Equal(WalletFault.Refused, paid.Fault);
        Assert.Single(_way.Asked);
    }

    /// <summary>A web in which some URLs redirect and all others have the wallet's document.</summary>
    private sealed class Redirecting : HttpMessageHandler
    {
        public Dictionary<string, string> Steps { get; } = [];

        public List<string> Asked { get; } = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.Found;

        public TimeSpan Delay { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Delay, TimeProvider.System, cancellationToken);
            Asked.Add(request.RequestUri!.AbsoluteUri);
            if (!Steps.TryGetValue(request.RequestUri.AbsoluteUri, out var next))
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Document) };
            var response = new HttpResponseMessage(Status);
            response.Headers.TryAddWithoutValidation("Location", next);
            return response;
        }
    }
}
