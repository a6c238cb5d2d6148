using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Pages;

public sealed class WaitingPageTests(Chrome chrome)
{
    private static readonly AppState Awake = new AppState.Awake(new Uri("http://127.0.0.1:1"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_visitor_is_let_in_once_the_app_is_awake_with_scripts_and_without(bool scripts)
    {
        await using var stage = await StageAsync();
        await using var context = await (scripts ? chrome.Browser : await chrome.WithoutScriptsAsync()).NewContextAsync();
        var page = await context.NewPageAsync();

        var answer = await page.GotoAsync(stage.AppUrl + "/");
        Assert.Equal(503, answer!.Status);
        stage.Apps.Set("hello", Awake);

        await Expect(page.Locator("h1 >> visible=true")).ToHaveTextAsync("Hello from the app");
    }

    [Fact]
    public async Task A_start_that_fails_is_told_with_its_cause_and_the_focus_goes_there()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.AppUrl + "/");

        stage.Apps.Set("hello", new AppState.Failed("The app ended with code 134 while starting."));

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "hello could not start" })).ToBeFocusedAsync();
        await Expect(page.Locator("#reason")).ToHaveTextAsync("The app ended with code 134 while starting.");
        await Expect(page.Locator("#cost")).ToContainTextAsync("The start cost the app's balance a minute awake");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Try again" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_a_failing_app_wrote_is_shown_as_text_not_as_markup()
    {
        await using var stage = await StageAsync();
        stage.Apps.Set("hello", new AppState.Failed("<script>document.title = 'caught'</script>"));
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();

        await page.GotoAsync(stage.AppUrl + "/");

        await Expect(page.Locator("#reason")).ToHaveTextAsync("<script>document.title = 'caught'</script>");
        await Expect(page).ToHaveTitleAsync("hello could not start");
    }

    private static async Task<PageStage> StageAsync()
    {
        var stage = await PageStage.StartAsync();
        stage.Balances.Set("hello", 1_000_000);
        stage.Apps.Set("hello", AppState.Waking);
        return stage;
    }
}
