using System.Net;
using System.Text.RegularExpressions;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Tests.Sandbox;

/// <summary>A gateway with the sandbox, under localhost, where both find each other; and a client of the sandbox's wallets.</summary>
internal sealed class SandboxUnderTest : IAsyncDisposable
{
    private readonly HttpClient _wallets = GuardedHttp.Create(insecure: true, TimeSpan.FromSeconds(30));
    private readonly GatewayUnderTest _gateway;

    private SandboxUnderTest(GatewayUnderTest gateway)
    {
        _gateway = gateway;
        Browser = gateway.Client();
        var signer = gateway.Services.GetRequiredService<MessageSigner>();
        Calls = new WalletCalls(_wallets, insecure: true, signer);
        Receiving = new ReceivingClient(Calls, new ClientIdentity(signer.PublicJwk, null), TimeProvider.System);
    }

    public StateStore Store => _gateway.Services.GetRequiredService<StateStore>();

    /// <summary>Sends a person's requests; follows no redirects.</summary>
    public HttpClient Browser { get; }

    public WalletCalls Calls { get; }

    /// <summary>The client of the host's wallet, as a gateway in Wallet mode is one.</summary>
    public ReceivingClient Receiving { get; }

    /// <summary>The app <c>hello</c> as a client: its keys are the gateway's.</summary>
    public PayingClient Client => new(Calls, App);

    public string App => $"http://hello.localhost:{_gateway.Port}/.well-known/pay";

    public string Wallet => $"http://wallet.localhost:{_gateway.Port}";

    public Uri HostWallet => new(Wallet + "/host");

    public Uri VisitorWallet => new(Wallet + "/me");

    public IServiceProvider Services => _gateway.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SandboxUnderTest> StartAsync(string? folder = null, params string[] settings)
    {
        var (port, apps) = (FreePort.Find(), new FakeApps());
        apps.Host("hello");
        return new SandboxUnderTest(await GatewayUnderTest.StartAsync(
            [$"Host:PublicUrl=http://localhost:{port}", $"Gateway:Port={port}", "Payments:PerClientBurst=100000", .. settings],
            services => services.AddSingleton<IAppCatalog>(apps).AddSingleton<IAppRunner>(apps), folder));
    }

    public Task<Balance> BalanceAsync() => _gateway.BalanceAsync("hello", Stop);

    public async Task<PayerWallet> LookUpAsync(Uri wallet) => (await Client.LookUpAsync(wallet, Stop)).GetValueOrThrow();

    /// <summary>Makes an incoming payment of the app's, or of the host's wallet.</summary>
    public async Task<string> CreatePaymentAsync(Uri receiver, ulong units) =>
        (await Client.CreateIncomingPaymentAsync(await LookUpAsync(receiver), units, Stop)).GetValueOrThrow();

    /// <summary>Asks the visitor's wallet for what paying costs, and for the consent to it.</summary>
    public async Task<AskedConsent> AskAsync(string incomingPayment)
    {
        var wallet = await LookUpAsync(VisitorWallet);
        var quote = (await Client.QuoteAsync(wallet, incomingPayment, Stop)).GetValueOrThrow();
        var pending = (await Client.AskForConsentAsync(
            wallet, quote, new Uri($"http://hello.localhost:{_gateway.Port}/back?page=1"), "nonce", Stop)).GetValueOrThrow();
        return new AskedConsent(wallet, quote, pending);
    }

    /// <summary>Answers the wallet's consent page, as its form does.</summary>
    public async Task<HttpResponseMessage> DecideAsync(AskedConsent asked, string choice, string? origin = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, asked.Pending.Redirect)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("choice", choice)]),
        };
        if (origin is not null) request.Headers.Add("Origin", origin.Length > 0 ? origin : Wallet);
        return await Browser.SendAsync(request, Stop);
    }

    /// <summary>Consents, and gives what the browser brings back.</summary>
    public async Task<string> AcceptAsync(AskedConsent asked)
    {
        using var answer = await DecideAsync(asked, "accept");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var back = answer.Headers.Location!.OriginalString;
        var (hash, reference) = (ValueOf(back, "hash"), ValueOf(back, "interact_ref"));
        Assert.True(InteractionHash.IsRight(hash, "nonce", asked.Pending.FinishNonce, reference, asked.Wallet.AuthServer));
        return reference;
    }

    /// <summary>Sends units to an address from the visitor's wallet; what arrived.</summary>
    public async Task<ulong> SendAsync(string ilpAddress, byte[] secret, ulong units)
    {
        var order = new PaymentOrder
        {
            Name = "a test",
            Amount = units,
            FindAsync = _ => Task.FromResult(new Destination(IlpAddress.Parse(ilpAddress), new StreamSecret(secret))),
        };
        return (await Services.GetRequiredService<PaymentDesk>().StartAsync(order, TimeSpan.FromMinutes(1))).Sent;
    }

    /// <summary>The payment of the visitor's wallet once it is over.</summary>
    public async Task<Payment> PaidAsync()
    {
        await Eventually.TrueAsync("the payment is over", () => Store.History.All is [{ State: not PaymentState.Running }, ..]);
        return Store.History.All[0];
    }

    public static string ValueOf(string url, string name) =>
        Uri.UnescapeDataString(Regex.Match(url, $"[?&]{name}=([^&]*)").Groups[1].Value);

    public async ValueTask DisposeAsync()
    {
        _wallets.Dispose();
        await _gateway.DisposeAsync();
    }
}

/// <summary>A consent that the visitor's wallet was asked for.</summary>
internal sealed record AskedConsent(PayerWallet Wallet, Quote Quote, PendingConsent Pending);
