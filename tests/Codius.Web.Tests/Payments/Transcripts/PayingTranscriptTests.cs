using System.Diagnostics;
using System.Net.Http.Headers;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Payments.OwnWallet;
using Codius.Web.Tests.Payments.HostWallet;
using Codius.Web.Tests.Payments.OwnWallet;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Interledger.Net.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.Transcripts;

/// <summary>Pays in every way, records what goes over the wire, and compares it with <c>docs/paying.md</c>.</summary>
public sealed class PayingTranscriptTests
{
    private const string Rewrite = "CODIUS_WRITE_DOCS";

    private const string Opening = """
        # Every way of paying, on the wire

        A test pays an app called `hello` in each way and records the requests; every run compares them with this page. Ids, secrets
        and times are replaced by `{...}`, wallets are called `wallet.example`. To write the page again:
        `CODIUS_WRITE_DOCS=1 dotnet run --project tests/Codius.Web.Tests -- -class '*PayingTranscriptTests'`.
        """;

    private readonly Transcript _transcript = new();
    private readonly JumpingClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_about_paying_says_what_the_gateway_does()
    {
        await using (var gateway = await PayableGateway.StartAsync(services: parts =>
            parts.AddSingleton(provider => ActivatorUtilities.CreateInstance<OwnWalletFlow>(provider, _clock))))
        {
            gateway.Deploy("hello");
            await ByProgramAsync(gateway);
            await BySampleAsync();
            await ByBrowserAsync(gateway);
            await FromOwnWalletAsync(gateway);
            Assert.Equal(1_000UL + 330_000 + 300_000, (await gateway.BalanceAsync("hello")).Credited);
        }
        await ThroughHostsWalletAsync();
        await ByReceiptsAsync();

        var (file, text) = (Path.Combine(Repository.Root, "docs", "paying.md"), Opening + "\n" + _transcript);
        if (Environment.GetEnvironmentVariable(Rewrite) is "1") await File.WriteAllTextAsync(file, text, Stop);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file, Stop) : "", text);
    }

    private async Task ByProgramAsync(PayableGateway gateway)
    {
        _transcript.Title("A program that gets a 402", """
            The answer says how much opens the app and where to pay: `paymentPointer` by SPSP, `walletAddress` by Open Payments.
            `openAt` is in the units that are paid, with `assetScale` digits, rounded up; `price` and `balance` are in the ledger's, with
            `balanceScale` digits, which may be more. `samples/PayingClient` does what follows: it queries the pointer, sends money by
            STREAM from an ILP-over-HTTP account, and requests the app again.
            """);
        using var http = new HttpClient(Record(gateway));
        using var demand = await http.GetAsync(gateway.UrlOf("hello"), Stop);
        using var query = new HttpRequestMessage(HttpMethod.Get, gateway.UrlOf("hello") + ".well-known/pay");
        query.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType));
        using var answer = await http.SendAsync(query, Stop);
        Assert.True(SpspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(Stop), out var target, out _));
        using var connector = Connector(gateway);
        await using var sender = new StreamSender(connector, target.DestinationAccount, target.SharedSecret);
        var paid = await sender.SendAsync(1_000, Stop);
        _transcript.Write($"Sent {paid.Sent} units, delivered {paid.Delivered}: `{paid.Ending}`.");
    }

    // The unmodified sample in its own process: it needs host names that resolve to this machine.
    private async Task BySampleAsync()
    {
        var port = FreePort.Find();
        await using var app = await CountedApp.StartAsync(_ => "Hello from the app.\n");
        await using var gateway =
            await PayableGateway.StartAsync(settings: [$"Host:PublicUrl=http://localhost:{port}", $"Gateway:Port={port}"]);
        gateway.Serve("hello", app.Address);
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "PayingClient.dll"), gateway.UrlOf("hello"), gateway.Host + "/ilp"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ILP_TOKEN"] = PayableGateway.ConnectorToken },
        };
        using var sample = Process.Start(start)!;
        var (output, errors) = (sample.StandardOutput.ReadToEndAsync(Stop), sample.StandardError.ReadToEndAsync(Stop));
        await sample.WaitForExitAsync(Stop);

        _transcript.Name($"localhost:{port}", "localhost:8080");
        _transcript.Write(
            "The sample itself, with an account at the gateway's own `/ilp`, as a connector beside it has one; what it paid, then the "
            + "app's answer:");
        _transcript.Block(
            $"$ export ILP_TOKEN={{connector token}}\n$ dotnet run --project samples/PayingClient -- {gateway.UrlOf("hello")} "
            + $"{gateway.Host}/ilp\n{await errors}{await output}");
        Assert.Equal((0, 1), (sample.ExitCode, app.Served));
        Assert.Equal(300_000UL, (await gateway.BalanceAsync("hello")).Credited);
    }

    private async Task ByBrowserAsync(PayableGateway gateway)
    {
        _transcript.Title("A browser with Web Monetization", """
            Today's extension, for `<link rel="monetization" href="...">`: it reads the wallet address, requests a grant and creates an
            incoming payment; then it ends the grant, and the payment can still be paid. Each request except the first is signed with a
            key of the payer's own wallet address. The grant and its tokens are bound to the key that signed the request for it.

            An incoming payment is stored with its first money and not before: until then it is in its own URL, sealed, and in the ILP
            address that pays it. It can be paid until the end it names (30 days from now at most, and if it names none). Use the `id`
            as it is; it has at most 255 characters. Metadata must fit into them: what is too long gets 400, which says how many bytes
            fit, up to 94 and fewer where the host's domain and the app's name are long. A list (`GET .../incoming-payments`) shows
            those payments of the client that were paid, a page at a time. For each app the host keeps the last so many
            (`IncomingPayments:MostKept`): of more, it forgets first those that ended, then the one that received least; of all apps
            together `IncomingPayments:MostKeptOfHost`. A forgotten payment shows nothing received; its money is the app's. A payment
            that was completed before it was paid takes no money, unless its client makes the host remember too much.
            """);
        using var connector = Connector(gateway);
        await using var wallet = await FakeWallet.StartAsync(Record(gateway), connector);
        _transcript.Name(wallet.Origin, "https://wallet.example");
        using var http = new HttpClient(Record(gateway));
        var extension = new ScriptedExtension(http, wallet);
        await extension.BeginAsync(gateway.UrlOf("hello") + ".well-known/pay");
        _transcript.Write(
            "The payer's wallet then reads the payment, asks for a grant of its own to see how it is paid, and pays it by STREAM.");
        var paid = await extension.PayAsync(330_000);
        _transcript.Write($"Delivered {paid} units.");
    }

    private async Task FromOwnWalletAsync(PayableGateway gateway)
    {
        _transcript.Title("From the visitor's own wallet, without an extension", """
            The 402 page has a field for a wallet address. The gateway is then the client: it creates an incoming payment of a fixed
            amount, requests a quote from the wallet, and sends the visitor to the wallet for one consent, limited to the quoted amount.
            The state meanwhile is in a sealed cookie of the visitor; the gateway stores nothing. The wallet's requests for the incoming
            payment and its packets are as above, and left out here.

            The same form is on the page that pays, `/.well-known/codius/pay`, which answers at any balance and says how long it lasts.
            The QR code holds its address, and a person who opens the payment pointer in a browser is led there (on the host's own name,
            `/pay/{account}` leads to the page of the app or of the deploy token's account). Who accepts anything or JSON gets the
            wallet address, as above.
            """);
        using var connector = gateway.Connector();
        await using var wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(gateway.Port), connector);
        (wallet.Clock, wallet.Wait) = (_clock, TimeSpan.FromSeconds(5));
        _transcript.Name(wallet.Origin, "https://wallet.example");
        wallet.OnAnswered = (request, body, status, answer) => _transcript.Exchange(request, [], body, status, [], answer);
        using var visitor = new Visitor(gateway, inner => new Recorder(_transcript, inner));
        await visitor.OpenAsync(GatewayUnderTest.UrlOf("hello") + ".well-known/pay");
        _transcript.Write("The form is answered last, after the gateway asked the wallet:");
        var (_, consent) = await visitor.SendAsync("hello", wallet.Address);
        _transcript.Write(
            "The visitor says yes at the wallet and is sent back; the gateway checks `hash`, fetches the grant, and makes the payment.\n"
                + "With the second cookie the page behind `Location` says that the payment is on its way, and asks for no other:");
        await visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        var paid = Assert.Single(await wallet.PaymentsAsync());
        _transcript.Write($"Delivered {paid.Delivered} units; the page behind `Location` opens.");
    }

    private async Task ThroughHostsWalletAsync()
    {
        _transcript.Title("A browser, where the host's money is kept by an Open Payments wallet", """
            With `Payments:Wallet` the payer makes the same calls as above. For each incoming payment the gateway creates one at the host's
            wallet, `host-wallet.example`, and answers with that one's address and secret in `methods`: the packets go to the wallet and
            not through the gateway, which reads there what arrived and credits the increase. Whoever reads the payment makes the gateway
            look soon; otherwise it looks after 1, 2, 4 ... 30 seconds. If the wallet makes no payment, the payer gets 503 with
            `Retry-After`. This wallet counts in cents, so its amounts have `assetScale` 2; the balance is in the ledger's nine digits.
            """);
        await using var stage = await HostWalletStage.PrepareAsync(scale: 2, "Payments:IlpAddress=test.wallet");
        await stage.BeginAsync();
        stage.Gateway.Deploy("hello");
        _transcript.Name(stage.Wallet.Host, "https://host-wallet.example");
        using var connector = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri(stage.Wallet.Host + "/ilp"), Token = PayableGateway.ConnectorToken },
            new Recorder(_transcript, GatewayUnderTest.Handler(stage.Wallet.Port)));
        await using var wallet = await FakeWallet.StartAsync(Record(stage.Gateway), connector);
        _transcript.Name(wallet.Origin, "https://wallet.example");
        using var http = new HttpClient(Record(stage.Gateway));
        var extension = new ScriptedExtension(http, wallet);
        await extension.BeginAsync(stage.Gateway.UrlOf("hello") + ".well-known/pay");
        _transcript.Write("The payer's wallet reads the payment, as above, and pays it at the host's wallet:");
        var paid = await extension.PayAsync(33);
        _transcript.Write($"Delivered {paid} cents. When the gateway has looked:");
        await stage.UntilCreditedAsync("hello", paid * 10_000_000);
        foreach (var url in new[] { extension.Payment!, stage.Gateway.UrlOf("hello") + ".well-known/codius/balance" })
            using (await http.GetAsync(url, Stop)) { }
    }

    private async Task ByReceiptsAsync()
    {
        _transcript.Title("Receipts, where the host's money is kept by a wallet", """
            With `Payments:Mode` `Wallet` the SPSP query is forwarded to the receiving wallet, with a nonce and a secret of the gateway.
            The payer gets receipts from the wallet and posts them; each receipt credits the increase of its total.
            """);
        await using var wallet = NodePeer.Start("spsp-wallet.mjs",
            new { prefix = "test.wallet", token = PayableGateway.ConnectorToken, asset = new { code = "USD", scale = 9 } });
        var port = (await wallet.ReadAsync("port")).GetProperty("port").GetInt32();
        _transcript.Name($"http://127.0.0.1:{port}", "https://wallet.example");
        await using var gateway =
            await PayableGateway.StartAsync(settings: ["Payments:Mode=Wallet", $"Payments:Wallet=http://127.0.0.1:{port}/host"]);
        gateway.Deploy("hello");
        using var http = new HttpClient(Record(gateway));
        using var query = new HttpRequestMessage(HttpMethod.Get, gateway.UrlOf("hello") + ".well-known/pay");
        query.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(SpspResponse.MediaType));
        using var answer = await http.SendAsync(query, Stop);
        Assert.True(SpspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(Stop), out var target, out _));
        using var way = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/ilp"), Token = PayableGateway.ConnectorToken },
            new Recorder(_transcript, new SocketsHttpHandler()));
        await using var sender = new StreamSender(way, target.DestinationAccount, target.SharedSecret);
        var receipt = (await sender.SendAsync(1_000, Stop)).Receipt.ToArray();
        Assert.True(StreamReceipt.TryReadUnverified(receipt, out var read, out _));
        _transcript.Write($"The last receipt says that {read.TotalReceived} units arrived. Posted, and posted once more:");
        for (var i = 0; i < 2; i++)
        {
            using var body = new StringContent(Convert.ToBase64String(receipt));
            using var credited = await http.PostAsync(gateway.Host + "/balances/hello:creditReceipt", body, Stop);
        }
    }

    private Recorder Record(PayableGateway gateway) => new(_transcript, GatewayUnderTest.Handler(gateway.Port));

    private IlpOverHttpClient Connector(PayableGateway gateway) => new(
        new IlpOverHttpClientOptions { Endpoint = new Uri(gateway.Host + "/ilp"), Token = PayableGateway.ConnectorToken }, Record(gateway));
}
