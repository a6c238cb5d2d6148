using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Pages;

public sealed class PageLookTests(Chrome chrome)
{
    private const string Icon = "data:image/svg+xml;base64,"
        + "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA4IDgiPjxjaXJjbGUgY3g9"
        + "IjQiIGN5PSI0IiByPSI0IiBmaWxsPSJ0ZWFsIi8+PC9zdmc+";

    // As long as a name may be, without a place to break it.
    private static readonly string LongName = new('w', 63);

    private const string Hash = "tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua";

    [Theory]
    [MemberData(nameof(Look.All), MemberType = typeof(Look))]
    public async Task Every_page_keeps_the_rules_of_accessibility_and_fits_the_screen(Look look)
    {
        await using var stage = await PageStage.StartAsync(
            null,
            ("Pages:KubernetesApiUrl", "https://api.codius.example:6443"));
        await using var context = await chrome.Browser.NewContextAsync(look.Options);

        stage.Balances.Set("hello", 5_000);
        stage.Apps.Host("guestbook",
            presentation: new AppPresentation("Harbour guestbook", "Leave a line for whoever sails in next.", Icon));
        stage.Apps.Host(Hash);
        await CheckAsync(context, look, "402", stage.AppUrl + "/");
        await CheckAsync(context, look, "402-presented", stage.UrlOf("guestbook") + "/");
        stage.Apps.Host(LongName);
        await CheckAsync(context, look, "402-hash", stage.UrlOf(Hash) + "/", "#others summary");
        await CheckAsync(context, look, "402-long", stage.UrlOf(LongName) + "/", "#others summary");
        await CheckAsync(context, look, "pay", stage.UrlOf(Hash) + "/.well-known/codius/pay?way=wallet");
        stage.Balances.Set("hello", 1_000_000);
        await CheckAsync(context, look, "pay-open", stage.AppUrl + "/.well-known/codius/pay", "#others summary");
        stage.Apps.Set("hello", AppState.Waking);
        stage.Balances.Set(Hash, 1_000_000);
        stage.Apps.Set(Hash, AppState.Waking);
        await CheckAsync(context, look, "503-hash", stage.UrlOf(Hash) + "/");
        await CheckAsync(context, look, "503", stage.AppUrl + "/");
        stage.Apps.Set("hello", new AppState.Failed(
            "The app ended with code 134 while starting. The last lines it wrote:\n\n  Unhandled exception. "
            + "System.IO.FileNotFoundException: settings.json"));
        await CheckAsync(context, look, "503-failed", stage.AppUrl + "/");
        await CheckAsync(context, look, "pay-failed", stage.AppUrl + "/.well-known/codius/pay", "#others summary");
        await CheckAsync(context, look, "404", $"http://nobody.localhost:{stage.Port}/");
        await CheckAsync(context, look, "home", stage.HostUrl + "/");
        stage.Balances.Set("t-" + new string('a', 52), 5_000_000);
        await CheckAsync(context, look, "home-account", $"{stage.HostUrl}/?account=t-{new string('a', 52)}");
    }

    private static async Task CheckAsync(IBrowserContext context, Look look, string name, string url, string? opened = null)
    {
        // A page of its own each time: one left open would follow the stage and open the app.
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.GotoAsync(url);
        await page.Locator("h1 >> visible=true").WaitForAsync();
        if (opened is not null) await page.Locator(opened).ClickAsync();
        await PageChecks.CheckAsync(page, $"{name}-{look.Name}");
        Assert.Empty(errors);
        await page.CloseAsync();
    }
}
