using Codius.Testing;
using Codius.Web.JourneyTests.Browsing;
using Codius.Web.JourneyTests.Journey;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Sandbox;

public sealed class WalletPageTests(Chrome chrome)
{
    [Theory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task The_wallet_pays_once_and_by_the_second_and_says_what_is_wrong(Look look)
    {
        using var folder = new TemporaryFolder();
        await using var program =
            await StartedProgram.StartAsync(FreePort.Find(), FreePort.Find(), folder.Path, [], TestContext.Current.CancellationToken);
        await using var context = await chrome.Browser.NewContextAsync(look.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        var pointer = "$" + new Uri(program.HelloUrl).Authority;

        await page.GotoAsync(program.WalletUrl + "/");
        await Expect(page.Locator("#balance")).ToHaveTextAsync("10 USD");
        await PageChecks.CheckAsync(page, $"wallet-{look.Name}");

        await FillAsync(page, pointer, "11");
        await Expect(page.GetByText("The wallet holds 10 USD. Fill it up, or pay less.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Amount in USD")).ToHaveAttributeAsync("aria-invalid", "true");
        await PageChecks.CheckAsync(page, $"wallet-fault-{look.Name}");

        await FillAsync(page, pointer, "0.12");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync($"Paid 0.12 USD to {pointer}.");
        await Expect(page.Locator("#balance")).ToHaveTextAsync("9.88 USD");
        await PageChecks.CheckAsync(page, $"wallet-paid-{look.Name}");
        // As long as an app's name may be.
        await page.EvaluateAsync("document.getElementById('back').textContent = `Open ${'w'.repeat(63)}.localhost:8080`");
        await PageChecks.CheckAsync(page, $"wallet-paid-long-{look.Name}");

        await page.GetByLabel("Every second, until I stop it").CheckAsync();
        await FillAsync(page, pointer, "0.01");
        await Expect(page.Locator("li.running")).ToContainTextAsync("0.01 USD a second");
        await PageChecks.CheckAsync(page, $"wallet-paying-{look.Name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.Locator("li.running")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Paid 0.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Fill up with play money" }).ClickAsync();
        await Expect(page.Locator("#balance")).ToHaveTextAsync("10 USD");
        Assert.Empty(errors);
    }

    private static async Task FillAsync(IPage page, string pointer, string amount)
    {
        await page.GetByLabel("To", new() { Exact = true }).FillAsync(pointer);
        await page.GetByLabel("Amount in USD").FillAsync(amount);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
    }
}
