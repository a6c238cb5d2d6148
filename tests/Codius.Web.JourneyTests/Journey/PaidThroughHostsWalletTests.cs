using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Interledger.Net.IlpOverHttp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Journey;

/// <summary>
/// A browser pays an app whose host has an Open Payments wallet of cents: a second gateway that receives packets is that wallet, and the
/// money never passes through the app's gateway.
/// </summary>
public sealed class PaidThroughHostsWalletTests(Chrome chrome) : IAsyncLifetime
{
    private const string ConnectorToken = "0123456789abcdef-the-connector";
    private const ulong Cent = 10_000_000; // in the ledger's billionths

    private readonly int _port = FreePort.Find();
    private readonly int _walletPort = FreePort.Find();
    private readonly FakeApps _apps = new();
    private readonly FakeApps _walletApps = new();
    private CountedApp _app = null!;
    private GatewayUnderTest _hostWallet = null!;
    private GatewayUnderTest _gateway = null!;
    private IlpOverHttpClient _connector = null!;
    private FakeWallet _wallet = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string AppUrl => $"http://hello.apps.localhost:{_port}/";

    public async ValueTask InitializeAsync()
    {
        _app = await CountedApp.StartAsync(_ => "Hello from the app");
        _walletApps.Host("host");
        _hostWallet = await StartAsync(
            "bank", _walletPort, _walletApps, "Payments:AssetScale=2", $"Payments:Connectors:one={ConnectorToken}");
        _apps.Host("hello");
        _apps.OnWake = _ => new AppState.Awake(_app.Address);
        _gateway = await StartAsync("apps", _port, _apps, $"Payments:Wallet=$host.bank.localhost:{_walletPort}");
        _connector = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri($"http://bank.localhost:{_walletPort}/ilp"), Token = ConnectorToken },
            GatewayUnderTest.Handler(_walletPort));
        _wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(_port), _connector);
    }

    public async ValueTask DisposeAsync()
    {
        await _wallet.DisposeAsync();
        _connector.Dispose();
        await _gateway.DisposeAsync();
        await _hostWallet.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task By_an_extension_that_makes_todays_calls()
    {
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.AddInitScriptAsync(
            "const supports = DOMTokenList.prototype.supports; " +
            "DOMTokenList.prototype.supports = function (token) { return token === 'monetization' || supports.call(this, token); };");
        await page.GotoAsync(AppUrl);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser can pay by itself.");
        await page.Locator("#others summary").ClickAsync();
        await Expect(page.GetByLabel("Amount").Locator("option").First).ToHaveTextAsync("US$0.01, about an hour");
        await PageChecks.CheckAsync(page, "wallet-mode-cents");
        var link = (await page.Locator("link[rel=monetization]").GetAttributeAsync("href"))!;

        using var http = new HttpClient(GatewayUnderTest.Handler(_port));
        var address = JsonDocument.Parse(await http.GetStringAsync(link, Stop)).RootElement;
        Assert.Equal(2, address.GetProperty("assetScale").GetInt32());
        var extension = new ScriptedExtension(http, _wallet);
        await extension.BeginAsync(link);
        Assert.Equal(1UL, await extension.PayAsync(1));
        // The page reads the payment, so that the gateway looks for the money at once.
        await page.RunAndWaitForRequestAsync(() => page.EvaluateAsync(
            "payment => document.querySelector('link[rel=monetization]').dispatchEvent(Object.assign(" +
            "new CustomEvent('monetization', { bubbles: true, detail: {} }), { incomingPayment: payment }))", extension.Payment),
            request => request.Method == "GET" && request.Url == extension.Payment);

        await Expect(page.GetByText("Hello from the app")).ToBeVisibleAsync();
        Assert.Equal(Cent, (await _gateway.BalanceAsync("hello", Stop)).Credited);
        Assert.Equal(Cent, (await _hostWallet.BalanceAsync("host", Stop)).Credited);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task From_a_wallet_of_ones_own_with_one_yes()
    {
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await page.GotoAsync(AppUrl);
        await page.Locator("#others summary").ClickAsync();
        await page.GetByLabel("Amount").SelectOptionAsync("hour");
        await page.GetByLabel("Your wallet address").FillAsync(_wallet.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay from this wallet" }).ClickAsync();
        await Expect(page.Locator("#arrives")).ToHaveTextAsync("US$0.01");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Yes" }).ClickAsync();

        await Expect(page.GetByText("Hello from the app")).ToBeVisibleAsync();
        Assert.Equal(Cent, (await _gateway.BalanceAsync("hello", Stop)).Credited);
    }

    // Names under localhost lead to this machine in a browser too, and the two must not be one host.
    private static Task<GatewayUnderTest> StartAsync(string name, int port, FakeApps apps, params string[] settings) =>
        GatewayUnderTest.StartAsync([$"Host:PublicUrl=http://{name}.localhost:{port}", $"Gateway:Port={port}", .. settings],
            services => services.AddSingleton<IAppCatalog>(apps).AddSingleton<IAppRunner>(apps));
}
