using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>The dashboard in a real browser, with fifty apps.</summary>
public sealed class DashboardTests(Chrome chrome)
{
    private const ulong Unit = 1_000_000_000;

    public static TheoryData<Look> Looks { get; } =
    [
        new Look("phone-light", 360, 800, ColorScheme.Light), new Look("phone-dark", 360, 800, ColorScheme.Dark),
        new Look("desk-light", 1440, 900, ColorScheme.Light), new Look("desk-dark", 1440, 900, ColorScheme.Dark),
    ];

    internal static Look Desk { get; } = new("desk", 1440, 900, ColorScheme.Light);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_keeps_the_rules_of_accessibility_and_fits_the_screen(Look look)
    {
        await using var stage = await DashboardStage.StartAsync();
        await stage.SpendAsync("birdsong", Unit / 1000);
        await stage.PayAsync("birdsong", 20_500_000);
        await stage.OweAsync("lighthouse", 41 * Unit);
        await stage.StartedAsync("birdsong", 400, "It did not listen on its port within a minute.");
        await stage.StartedAsync("birdsong", 95);
        await stage.MakeTokenAsync("ana");
        await using var context = await chrome.Browser.NewContextAsync(look.Options);
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        await page.GotoAsync(stage.Url);
        await PageChecks.CheckAsync(page, $"admin-sign-in-{look.Name}");
        await stage.SignInAsync(page);
        await page.Locator(".plot canvas").WaitForAsync();
        await PageChecks.CheckAsync(page, $"admin-overview-{look.Name}");

        foreach (var (name, path) in new[]
        {
            ("apps", "apps"), ("app", "apps/birdsong?range=day"), ("refund", "apps/birdsong/refund"),
            ("connector", "connectors/lighthouse"), ("audit", "audit"), ("none", "apps/not-there"),
            ("payments", "payments"), ("wallets", "wallets"), ("alerts", "alerts"), ("tokens", "tokens"),
            ("make-token", "tokens/make"), ("revoke-token", "tokens/ana/revoke"),
        })
        {
            await page.GotoAsync(stage.Url + path);
            await page.Locator("h1").WaitForAsync();
            await PageChecks.CheckAsync(page, $"admin-{name}-{look.Name}");
        }
        await page.GotoAsync(stage.Url + "tokens/make");
        await page.GetByLabel("Name").FillAsync("carla");
        await page.GetByLabel("Why").FillAsync("she helps");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the token" }).ClickAsync();
        await Expect(page.GetByLabel("The token", new() { Exact = true })).ToHaveValueAsync(new Regex("^codius-admin-[0-9a-f]{48}$"));
        await PageChecks.CheckAsync(page, $"admin-made-token-{look.Name}");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_plot_without_a_bar_says_so_in_words()
    {
        await using var stage = await DashboardStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await stage.SignInAsync(page);

        await page.GotoAsync(stage.Url + "apps/app-40");

        await Expect(page.Locator(".plot .empty")).ToContainTextAsync("It spent nothing in this time");
        await Expect(page.Locator(".plot canvas")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_refund_is_made_by_keyboard_alone_after_its_page_has_said_what_it_will_do()
    {
        await using var stage = await DashboardStage.StartAsync();
        await stage.SpendAsync("birdsong", 5_000_000);
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{stage.Url}apps/birdsong");
        await Expect(page.GetByLabel("Admin token")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(DashboardStage.Token);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "birdsong", Level = 1 })).ToBeVisibleAsync();

        await TabToAsync(page, "Refund");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Refund: birdsong" })).ToBeVisibleAsync();
        await TabToAsync(page, "How much, in USD");
        await page.Keyboard.TypeAsync("0.002");
        await TabToAsync(page, "Why (for the audit log)");
        await page.Keyboard.TypeAsync("sorry for the outage");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Refund 0.002 USD to birdsong?" })).ToBeVisibleAsync();
        await Expect(page.Locator(".effects")).ToContainTextAsync("of the 0.005 USD that it has spent here");
        Assert.Equal(5_000_000ul, (await stage.BalanceAsync("birdsong")).Spent);
        await TabToAsync(page, "Refund");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The refund was made.");
        Assert.Equal(3_000_000ul, (await stage.BalanceAsync("birdsong")).Spent);
        await Expect(page.Locator("table.folds")).ToContainTextAsync("settings: sorry for the outage");
        await page.GotoAsync(stage.Url + "audit");
        await Expect(page.Locator("table.folds")).ToContainTextAsync("sorry for the outage");
    }

    [Fact]
    public async Task Payments_starts_and_failures_appear_without_a_reload()
    {
        await using var stage = await DashboardStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await stage.SignInAsync(page);
        await page.EvaluateAsync("window.stays = true");
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        stage.Apps.Set("night-sky", AppState.Waking);
        await Expect(page.Locator(".states")).ToContainTextAsync("2 waking");
        stage.Apps.Set("night-sky", new AppState.Failed("The image could not be pulled."));
        await Expect(page.Locator(".feed")).ToContainTextAsync("night-sky could not start");
        await stage.PayAsync("tide-tables", 20_500_000);
        await Expect(page.Locator(".feed")).ToContainTextAsync("tide-tables was paid 0.0205 USD");

        Assert.True(await page.EvaluateAsync<bool>("window.stays"));
    }

    [Fact]
    public async Task Without_scripts_the_numbers_are_there_and_an_adjustment_can_be_made()
    {
        await using var stage = await DashboardStage.StartAsync();
        await using var context = await (await chrome.WithoutScriptsAsync()).NewContextAsync();
        var page = await context.NewPageAsync();
        await stage.SignInAsync(page);
        await page.Locator("summary").ClickAsync();
        await Expect(page.Locator("details tbody tr")).ToHaveCountAsync(30);

        await page.GotoAsync(stage.Url + "apps/app-20/adjust");
        await page.Locator("#change").FillAsync("-0.5");
        await page.Locator("#reason").FillAsync("a test payment");
        await page.Locator("form.confirm button").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Take 0.5 USD from app-20?");
        await page.Locator("form.confirm button").ClickAsync();

        await Expect(page.Locator(".note")).ToHaveTextAsync("The balance was adjusted.");
        Assert.Equal(DashboardBooks.MoneyOf(20) - Unit / 2, (await stage.BalanceAsync("app-20")).Funds);
    }

    [Fact]
    public async Task What_has_the_focus_keeps_it_when_its_part_is_renewed()
    {
        await using var stage = await DashboardStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        await stage.SignInAsync(page);
        await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await page.Locator(".states a", new() { HasText = "asleep" }).FocusAsync();

        stage.Apps.Set("app-40", AppState.Waking);
        await Expect(page.Locator(".states")).ToContainTextAsync("2 waking");

        await Expect(page.Locator(".states a", new() { HasText = "asleep" })).ToBeFocusedAsync();
    }

    /// <summary>The pictures of docs/owning-a-host.md, written only with <c>CODIUS_WRITE_DOCS=1</c>.</summary>
    [Fact]
    public async Task The_pictures_of_the_docs_are_of_these_pages()
    {
        string[] pictures = ["dashboard", "dashboard-dark", "app", "confirm", "under-load", "under-load-phone"];
        if (Environment.GetEnvironmentVariable("CODIUS_WRITE_DOCS") == "1") await DrawAsync();
        foreach (var picture in pictures)
        {
            var file = new FileInfo(Path.Combine(Repository.Root, "docs/pictures", picture + ".png"));
            Assert.True(file.Exists && file.Length < 150_000, $"{picture}.png is missing or too large");
        }
    }

    private async Task DrawAsync()
    {
        await using var stage = await DashboardStage.StartAsync();
        await stage.SpendAsync("birdsong", 5_000_000);
        await stage.OweAsync("lighthouse", 41 * Unit);
        await stage.OweAsync("north-pier", 3 * Unit);
        foreach (var minutes in new[] { 4_000, 2_900, 1_500 }) await stage.StartedAsync("birdsong", minutes);
        await stage.StartedAsync("birdsong", 400, "It did not listen on its port within a minute.");
        await stage.StartedAsync("birdsong", 95);
        Directory.CreateDirectory(Path.Combine(Repository.Root, "docs/pictures"));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var context = await chrome.Browser.NewContextAsync(new Look("", 1440, 880, scheme).Options);
            var page = await context.NewPageAsync();
            await stage.SignInAsync(page);
            await Expect(page.Locator("#live")).ToHaveTextAsync("Live");
            await stage.PayAsync("tide-tables", 20_500_000);
            await stage.PayAsync("birdsong", 1_500_000);
            await Expect(page.Locator(".feed")).ToContainTextAsync("birdsong was paid 0.0015 USD");
            await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
            await TakeAsync(page, scheme == ColorScheme.Light ? "dashboard" : "dashboard-dark");
            if (scheme == ColorScheme.Dark) continue;
            await page.GotoAsync(stage.Url + "apps/birdsong");
            await page.Locator(".plot canvas").WaitForAsync();
            await TakeAsync(page, "app");
            await page.GotoAsync(stage.Url + "apps/birdsong/refund");
            await page.Locator("#amount").FillAsync("0.002");
            await page.Locator("#reason").FillAsync("sorry for the outage");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator(".effects")).ToBeVisibleAsync();
            await TakeAsync(page, "confirm");
        }
    }

    private static Task<byte[]> TakeAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Repository.Root, "docs/pictures", name + ".png"),
    });

    /// <summary>Presses Tab until the link, button or field of this name has the focus.</summary>
    private static async Task TabToAsync(IPage page, string name)
    {
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string>(
                "() => { const at = document.activeElement; return at.labels?.[0]?.textContent ?? at.textContent; }");
            if (focused.Trim() == name) return;
        }
        Assert.Fail($"No Tab leads to '{name}'");
    }
}
