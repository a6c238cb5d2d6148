using System.Text.RegularExpressions;
using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Codius.Web.Pages.Visiting;
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

    [Fact]
    public async Task A_posted_form_is_told_what_its_app_is_and_to_be_sent_again()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync(stage.AppUrl + "/", route => route.ContinueAsync(new RouteContinueOptions { Method = "POST" }));
        await page.GotoAsync(stage.AppUrl + "/");
        var status = page.GetByRole(AriaRole.Status);

        stage.Apps.Set("hello", AppState.Asleep);
        await Expect(status).ToContainTextAsync("It is asleep again. Go back and send your form again.");
        stage.Apps.Set("hello", AppState.Waking);
        await Expect(status).ToContainTextAsync("Starting.");
        stage.Apps.Set("hello", Awake);
        await Expect(status).ToContainTextAsync("It is awake. Go back and send your form again.");
    }

    [Fact]
    public async Task Where_a_proxy_holds_the_stream_back_the_visitor_is_let_in_all_the_same()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        await context.RouteAsync("**/.well-known/codius/events", _ => Task.CompletedTask);
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.AppUrl + "/");

        stage.Apps.Set("hello", Awake);

        await Expect(page.Locator("h1 >> visible=true")).ToHaveTextAsync("Hello from the app");
    }

    [Fact]
    public async Task When_the_host_is_back_the_page_says_again_what_it_waits_for()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        await context.RouteAsync("**/.well-known/codius/{events,balance}", route => route.AbortAsync());
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.AppUrl + "/");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The host does not answer right now.");

        await context.UnrouteAsync("**/.well-known/codius/{events,balance}");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Starting.");
    }

    [Fact]
    public async Task A_gateway_that_has_not_seen_yet_that_the_app_is_awake_is_asked_again_ever_more_rarely()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        // Another gateway, which has seen it, answers what the page asks.
        await context.RouteAsync("**/.well-known/codius/balance", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "application/json",
            Body = "{\"balance\":\"1000000\",\"state\":\"awake\"}",
        }));
        await context.RouteAsync("**/.well-known/codius/events", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/event-stream",
            Body = "data: {\"balance\":\"1000000\",\"state\":\"awake\"}\n\n",
        }));
        var page = await context.NewPageAsync();
        var loads = 0;
        page.Response += (_, response) => loads += response.Request.IsNavigationRequest ? 1 : 0;
        await page.GotoAsync(stage.AppUrl + "/");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open hello" })).ToBeVisibleAsync();

        Assert.Equal(5, loads);
        var entries = await page.EvaluateAsync<long[]>("JSON.parse(sessionStorage.getItem('codius-entries'))");
        Assert.Equal([true, true, true],
            entries.Zip(entries.Skip(1), (before, after) => after - before).Zip([1000, 2000, 4000], (wait, least) => wait >= least));
    }

    [Fact]
    public async Task A_stream_that_takes_back_what_another_gateway_said_stops_the_reload()
    {
        await using var stage = await StageAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        // A reload just before makes the page wait a second before the next one.
        await page.AddInitScriptAsync("sessionStorage.setItem('codius-entries', JSON.stringify([Date.now()]));");
        await page.GotoAsync(stage.AppUrl + "/");
        await page.EvaluateAsync("window.stays = true");

        stage.Apps.Set("hello", Awake);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("It is awake. Opening it.");
        stage.Apps.Set("hello", AppState.Waking);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Starting.");
        Assert.True(await page.EvaluateAsync<bool>("stays"));

        stage.Apps.Set("hello", Awake);
        await Expect(page.Locator("h1 >> visible=true")).ToHaveTextAsync("Hello from the app");
    }

    [Fact]
    public async Task The_page_says_how_long_it_has_waited_and_how_long_it_usually_takes()
    {
        await using var stage = await StageAsync();
        // Measures from when it is made, as the gateway does from its start.
        _ = stage.Get<WakeTimes>();
        stage.Apps.Set("hello", AppState.Asleep);
        stage.Apps.Set("hello", AppState.Waking);
        stage.Apps.Set("hello", Awake);
        stage.Apps.Set("hello", AppState.Waking);
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.StopClockAsync();
        await page.GotoAsync(stage.AppUrl + "/");

        await page.Clock.RunForAsync(61_000);

        await Expect(page.Locator("#waited")).ToContainTextAsync(new Regex("^Waiting for 6[0-2] seconds; it usually takes about 1\\.$"));
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToContainTextAsync("Waiting for");
    }

    private static async Task<PageStage> StageAsync()
    {
        var stage = await PageStage.StartAsync();
        stage.Balances.Set("hello", 1_000_000);
        stage.Apps.Set("hello", AppState.Waking);
        return stage;
    }
}
