using Codius.Testing;
using Codius.Web.JourneyTests.Browsing;
using Codius.Web.JourneyTests.Journey;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Sandbox;

/// <summary>An app is paid from "your own wallet", which is the sandbox's: nothing else is installed.</summary>
public sealed class ConsentPageTests(Chrome chrome)
{
    [Theory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task A_visitor_first_refuses_and_then_consents_on_the_wallets_page(Look look)
    {
        using var folder = new TemporaryFolder();
        await using var program =
            await StartedProgram.StartAsync(FreePort.Find(), FreePort.Find(), folder.Path, [], TestContext.Current.CancellationToken);
        await using var context = await chrome.Browser.NewContextAsync(look.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        try
        {
            await page.GotoAsync(program.HelloUrl + "/");
            await page.Locator("#others summary").ClickAsync();
            await GoToWalletAsync(page, program);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Pay 0.0003 USD?");
            await Expect(page.Locator("#payee")).ToHaveTextAsync(program.HelloUrl + "/.well-known/pay");
            await PageChecks.CheckAsync(page, $"wallet-consent-page-{look.Name}");

            await page.GetByRole(AriaRole.Button, new() { Name = "Do not pay" }).ClickAsync();
            await Expect(page.GetByText("Your wallet says that you did not agree. Nothing was paid.")).ToBeVisibleAsync();

            await GoToWalletAsync(page, program);
            var consent = page.Url;
            await page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello!" })).ToBeVisibleAsync();

            await page.GotoAsync(program.WalletUrl + "/");
            await Expect(page.Locator("#balance")).ToHaveTextAsync("9.9997 USD");
            await page.GotoAsync(consent);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is nothing to decide here");
            await page.GotoAsync(program.WalletUrl + "/host/payments");
            await Expect(page.GetByText("None was paid yet.")).ToBeVisibleAsync();
            await PageChecks.CheckAsync(page, $"host-wallet-{look.Name}");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException("The program wrote:\n" + program.Log, failure);
        }
        Assert.Empty(errors);
    }

    [Fact]
    public async Task With_the_sandboxs_wallet_as_the_hosts_the_money_arrives_there_and_opens_the_app()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Find();
        await using var program = await StartedProgram.StartAsync(port, FreePort.Find(), folder.Path,
            [$"Payments:Wallet=$wallet.localhost:{port}/host"], TestContext.Current.CancellationToken);
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        try
        {
            await page.GotoAsync(program.HelloUrl + "/");
            await page.Locator("#others summary").ClickAsync();
            await GoToWalletAsync(page, program);
            await page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello!" })).ToBeVisibleAsync();

            await page.GotoAsync(program.WalletUrl + "/host/payments");
            await Expect(page.Locator("#received")).ToHaveTextAsync("0.0003 USD");
            await Expect(page.Locator("#history li")).ToContainTextAsync("hello");
            await PageChecks.CheckAsync(page, "host-wallet-paid");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException("The program wrote:\n" + program.Log, failure);
        }
        Assert.Empty(errors);
    }

    private static async Task GoToWalletAsync(IPage page, StartedProgram program)
    {
        await page.GetByLabel("Your wallet address").FillAsync(program.WalletUrl + "/me");
        await page.GetByLabel("Amount").SelectOptionAsync("now");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay from this wallet" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue at" }).ClickAsync();
    }
}
