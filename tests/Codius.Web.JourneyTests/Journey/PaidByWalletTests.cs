using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Interledger.Net.IlpOverHttp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Journey;

/// <summary>
/// A person pays by Open Payments in a real browser: from a wallet of their own, and by an extension that pays by itself. The gateway is
/// whole, the wallet and the app behind are fakes.
/// </summary>
public sealed class PaidByWalletTests(Chrome chrome) : IAsyncLifetime
{
    private const string ConnectorToken = "0123456789abcdef-the-connector";

    private readonly int _port = FreePort.Find();
    private readonly FakeApps _apps = new();
    private WebApplication _app = null!;
    private GatewayUnderTest _gateway = null!;
    private IlpOverHttpClient _connector = null!;
    private FakeWallet _wallet = null!;

    private string AppUrl => $"http://hello.localhost:{_port}/";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => Results.Content("<!doctype html><html lang=\"en\"><title>hello</title><h1>Hello from the app</h1>", "text/html")
            .ExecuteAsync(context));
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _apps.Host("hello");
        // Asleep until it is paid: an app that is awake without money would be put to sleep at some time.
        _apps.OnWake = _ => new AppState.Awake(new Uri(_app.Urls.Single()));
        _gateway = await GatewayUnderTest.StartAsync(
            [$"Host:PublicUrl=http://localhost:{_port}", $"Gateway:Port={_port}", $"Payments:Connectors:one={ConnectorToken}"],
            services => services.AddSingleton<IAppCatalog>(_apps).AddSingleton<IAppRunner>(_apps));
        _connector = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri($"http://localhost:{_port}/ilp"), Token = ConnectorToken },
            GatewayUnderTest.Handler(_port));
        _wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(_port), _connector);
    }

    public async ValueTask DisposeAsync()
    {
        await _wallet.DisposeAsync();
        _connector.Dispose();
        await _gateway.DisposeAsync();
        await _app.DisposeAsync();
    }

    public static TheoryData<Look> Looks => Look.All;

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task From_a_wallet_of_ones_own_with_one_yes(Look look)
    {
        await using var context = await chrome.Browser.NewContextAsync(look.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.GotoAsync(AppUrl);
        await page.Locator("#others summary").ClickAsync();
        await PageChecks.CheckAsync(page, $"wallet-form-{look.Name}");
        await Expect(page.GetByLabel("Amount").Locator("option").First).ToHaveTextAsync("US$0.0003, opens it now");
        await Expect(page.GetByLabel("Amount")).ToHaveValueAsync("hour");
        await page.GetByLabel("Amount").SelectOptionAsync("now");

        await page.GetByLabel("Your wallet address").FillAsync("not a wallet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay from this wallet" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not a wallet address.");
        await Expect(page.GetByLabel("Your wallet address")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Amount")).ToHaveValueAsync("now");
        await PageChecks.CheckAsync(page, $"wallet-error-{look.Name}");

        await page.GetByLabel("Your wallet address").FillAsync(_wallet.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay from this wallet" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Your wallet will ask you");
        await Expect(page.Locator("#debit")).ToHaveTextAsync("US$0.000303001");
        await Expect(page.Locator("#arrives")).ToHaveTextAsync("US$0.0003");
        await PageChecks.CheckAsync(page, $"wallet-consent-{look.Name}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Yes" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello from the app" })).ToBeVisibleAsync();
        var paid = Assert.Single(await _wallet.PaymentsAsync());
        Assert.Equal(paid.Delivered, (await _gateway.BalanceAsync("hello", TestContext.Current.CancellationToken)).Credited);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task From_a_wallet_of_ones_own_with_scripts_off()
    {
        await using var context = await (await chrome.WithoutScriptsAsync()).NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await page.GotoAsync(AppUrl);
        await Expect(page.GetByLabel("Your wallet address")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Pay from your own wallet" }).ClickAsync();
        await page.GetByLabel("Your wallet address").FillAsync(_wallet.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay from this wallet" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Yes" }).ClickAsync();

        Assert.Single(await _wallet.PaymentsAsync());
        await page.GotoAsync(AppUrl);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello from the app" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task By_an_extension_that_makes_todays_calls()
    {
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(
            "const supports = DOMTokenList.prototype.supports; " +
            "DOMTokenList.prototype.supports = function (token) { return token === 'monetization' || supports.call(this, token); };");
        await page.GotoAsync(AppUrl);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser can pay by itself.");

        using var http = new HttpClient(GatewayUnderTest.Handler(_port));
        var extension = new ScriptedExtension(http, _wallet);
        await extension.BeginAsync((await page.Locator("link[rel=monetization]").GetAttributeAsync("href"))!);
        await page.EvaluateAsync(
            "document.querySelector('link[rel=monetization]').dispatchEvent(" +
            "new CustomEvent('monetization', { bubbles: true, detail: {} }))");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your wallet is paying. Waiting for the money to arrive.");
        var paid = await extension.PayAsync(330_000);

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello from the app" })).ToBeVisibleAsync();
        Assert.Equal((330_000UL, 330_000UL),
            (paid, (await _gateway.BalanceAsync("hello", TestContext.Current.CancellationToken)).Credited));
    }
}
