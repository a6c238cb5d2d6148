using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Pages;

public sealed class PageLookTests(Chrome chrome)
{
    [Theory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task Every_page_keeps_the_rules_of_accessibility_and_fits_the_screen(Look look)
    {
        await using var stage = await PageStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(look.Options);

        stage.Balances.Set("hello", 5_000);
        await CheckAsync(context, look, "402", stage.AppUrl + "/");
        stage.Balances.Set("hello", 1_000_000);
        stage.Apps.Set("hello", AppState.Waking);
        await CheckAsync(context, look, "503", stage.AppUrl + "/");
        stage.Apps.Set("hello", new AppState.Failed(
            "The app ended with code 134 while starting. The last lines it wrote:\n\n  Unhandled exception. "
            + "System.IO.FileNotFoundException: settings.json"));
        await CheckAsync(context, look, "503-failed", stage.AppUrl + "/");
        await CheckAsync(context, look, "404", $"http://nobody.localhost:{stage.Port}/");
        await CheckAsync(context, look, "home", stage.HostUrl + "/");
        stage.Balances.Set("t-" + new string('a', 52), 5_000_000);
        await CheckAsync(context, look, "home-account", $"{stage.HostUrl}/?account=t-{new string('a', 52)}");
    }

    private static async Task CheckAsync(IBrowserContext context, Look look, string name, string url)
    {
        // A page of its own each time: one left open would follow the stage and open the app.
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.GotoAsync(url);
        await page.Locator("h1 >> visible=true").WaitForAsync();
        await PageChecks.CheckAsync(page, $"{name}-{look.Name}");
        Assert.Empty(errors);
        await page.CloseAsync();
    }
}
