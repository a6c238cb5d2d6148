using Codius.Testing;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>The dashboard of a host with fifty apps that are visited while it is open.</summary>
public sealed class DashboardUnderLoadTests(Chrome chrome)
{
    private static readonly LocatorAssertionsToHaveTextOptions Long = new() { Timeout = 180_000 };

    [Fact]
    public async Task Its_numbers_change_by_themselves_and_it_keeps_its_rules_on_every_screen()
    {
        await using var host = await LoadedHost.StartAsync();
        await using (var context = await chrome.Browser.NewContextAsync(DashboardTests.Desk.Options))
        {
            var page = await SignInAsync(context, host);
            await page.EvaluateAsync("window.stays = true");
            var visits = page.Locator(".pulse .visits .number");
            await Expect(visits).Not.ToHaveTextAsync("0");
            for (var i = 0; i < 3; i++) await Expect(visits).Not.ToHaveTextAsync(await visits.InnerTextAsync());
            await Expect(page.Locator(".pulse .unpaid .number")).Not.ToHaveTextAsync("0");
            await Expect(page.Locator(".pulse .errors .number")).Not.ToHaveTextAsync("0");
            await Expect(page.Locator(".pulse .starts .number")).Not.ToHaveTextAsync("0");
            var feed = page.Locator(".feed");
            foreach (var text in new[] { "had no money for", "failed ", "woke in" }) await Expect(feed).ToContainTextAsync(text);
            await Expect(page.Locator(".ranks li")).ToHaveCountAsync(8);
            // The host's books are written about every half minute.
            await Expect(page.Locator(".big data")).Not.ToHaveTextAsync("0", Long);
            Assert.True(await page.EvaluateAsync<bool>("window.stays"));
        }

        foreach (var look in DashboardTests.Looks.Select(row => row.Data))
        {
            await using var context = await chrome.Browser.NewContextAsync(look.Options);
            var page = await SignInAsync(context, host);
            var errors = PageErrors.Of(page);
            await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
            await page.Locator(".plot canvas").WaitForAsync();
            await PageChecks.CheckAsync(page, $"admin-load-{look.Name}");
            if (look.Name == "desk-light") await DrawAsync(page, "under-load");
            if (look.Name == "phone-dark") await DrawAsync(page, "under-load-phone");
            Assert.Empty(errors);
        }
        host.CheckLoad();
        Assert.Equal([200, 402, 500], host.Answers.Keys.Order());
    }

    private static async Task<IPage> SignInAsync(IBrowserContext context, LoadedHost host)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Url);
        await page.GetByLabel("Admin token").FillAsync(LoadedHost.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator("#verdict").WaitForAsync();
        return page;
    }

    /// <summary>For docs/owning-a-host.md, with <c>CODIUS_WRITE_DOCS=1</c> alone.</summary>
    private static async Task DrawAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CODIUS_WRITE_DOCS") != "1") return;
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(Repository.Root, "docs/pictures", name + ".png"),
        });
    }
}
