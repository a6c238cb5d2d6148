using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;
using Interledger.Net.Tests.Interop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Journey;

/// <summary>
/// Web Monetization of 2020 from end to end: a browser with <c>document.monetization</c> (scripted) pays the pointer in the page, the
/// host's money arrives at a receiving wallet of third-party code, and the page posts the receipts.
/// </summary>
public sealed class PaidByReceiptsTests(Chrome chrome)
{
    private const string Token = "0123456789abcdef-the-wallet";
    private const string BrowserOf2020 = "document.monetization = Object.assign(new EventTarget(), { state: 'pending' });";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_posts_the_receipts_of_its_visitors_wallet_until_the_app_opens()
    {
        await using var wallet = NodePeer.Start(
            "spsp-wallet.mjs", new { prefix = "test.wallet", token = Token, asset = new { code = "USD", scale = 9 } });
        var walletUrl = $"http://127.0.0.1:{(await wallet.ReadAsync("port")).GetProperty("port").GetInt32()}";
        var (port, apps) = (FreePort.Find(), new FakeApps());
        await using var app = await CountedApp.StartAsync(_ => "Hello from the app");
        await using var gateway = await GatewayUnderTest.StartAsync(
            [$"Host:PublicUrl=http://localhost:{port}", $"Gateway:Port={port}",
                "Payments:Mode=Wallet", $"Payments:Wallet={walletUrl}/host"],
            services => services.AddSingleton<IAppCatalog>(apps).AddSingleton<IAppRunner>(apps));
        apps.Host("hello");
        apps.OnWake = _ => new AppState.Awake(app.Address);

        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.AddInitScriptAsync(BrowserOf2020);
        await page.GotoAsync($"http://hello.localhost:{port}/");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser can pay by itself.");

        var pointer = (await page.Locator("meta[name=monetization]").GetAttributeAsync("content"))!;
        Assert.Equal($"$hello.localhost:{port}", pointer);
        var target = await SetUpAsync(port, pointer);
        using var way = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri(walletUrl + "/ilp"), Token = Token }, new SocketsHttpHandler());
        await using var sender = new StreamSender(way, target.DestinationAccount, target.SharedSecret);

        await PayAsync(page, sender, 100_000);
        await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", "0.0001");
        await PayAsync(page, sender, 250_000);

        await Expect(page.Locator("body")).ToHaveTextAsync("Hello from the app");
        Assert.Equal(350_000UL, (await gateway.BalanceAsync("hello", Stop)).Credited);
        Assert.Empty(errors);
    }

    // As an extension of 2020 did: its query has an id of its own, and it needs receipts for the page.
    private static async Task<SpspResponse> SetUpAsync(int port, string pointer)
    {
        using var http = new HttpClient(GatewayUnderTest.Handler(port));
        using var query = new HttpRequestMessage(HttpMethod.Get, $"http://{pointer[1..]}/.well-known/pay");
        query.Headers.Accept.ParseAdd(SpspResponse.MediaType);
        query.Headers.Add("Web-Monetization-Id", Guid.NewGuid().ToString());
        using var answer = await http.SendAsync(query, Stop);
        Assert.True(SpspResponse.TryParse(await answer.Content.ReadAsByteArrayAsync(Stop), out var target, out _));
        Assert.True(target.ReceiptsEnabled);
        return target;
    }

    private static async Task PayAsync(IPage page, StreamSender sender, ulong units)
    {
        var payment = await sender.SendAsync(units, Stop);
        Assert.Equal((PaymentEnding.Completed, units), (payment.Ending, payment.Delivered));
        await page.EvaluateAsync("""
            receipt => {
              document.monetization.state = 'started';
              document.monetization.dispatchEvent(new CustomEvent('monetizationstart', { detail: {} }));
              document.monetization.dispatchEvent(
                new CustomEvent('monetizationprogress', { detail: { receipt, assetCode: 'USD', assetScale: 9 } }));
            }
            """, Convert.ToBase64String(payment.Receipt.Span));
    }
}
