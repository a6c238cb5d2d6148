using System.Collections.Concurrent;
using Codius.Testing.Pages;
using Codius.Web.Balances;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Pages;

public sealed class HomePageTests(Chrome chrome)
{
    [Fact]
    public async Task A_deploy_token_is_made_in_the_browser_and_only_its_hash_leaves_it()
    {
        await using var stage = await PageStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
        var page = await context.NewPageAsync();
        var requests = new ConcurrentQueue<string>();
        page.Request += (_, request) => requests.Enqueue(request.Url + request.PostData + string.Join(' ', request.Headers));
        await page.GotoAsync(stage.HostUrl + "/");

        await page.GetByRole(AriaRole.Button, new() { Name = "Make a deploy token" }).ClickAsync();

        await Expect(page.Locator("#made")).ToBeVisibleAsync();
        var token = await page.Locator("#token").InnerTextAsync();
        var account = AccountId.OfDeployToken(token).ToString();
        Assert.Equal(43, token.Length);
        await Expect(page.Locator("#address")).ToHaveTextAsync($"{stage.HostUrl}/pay/{account}");
        await Expect(page.Locator("#pointer")).ToHaveTextAsync($"$localhost:{stage.Port}/pay/{account}");
        await Expect(page.Locator("#curl")).ToContainTextAsync($"export CODIUS_TOKEN='{token}'");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("A deploy token was made. Copy it now.");
        Assert.DoesNotContain(requests, request => request.Contains(token, StringComparison.Ordinal));
        Assert.Contains(requests, request => request.Contains(account, StringComparison.Ordinal));

        stage.Balances.Set(account, 10_000_000);
        await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", "0.01");
        await page.ReloadAsync();
        await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", "0.01");
    }

    [Fact]
    public async Task A_token_that_one_has_leads_to_its_account()
    {
        await using var stage = await PageStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.HostUrl + "/");

        await page.GetByLabel("Or use one that you have").FillAsync("a-deploy-token-I-have");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();

        await Expect(page.Locator("#address")).ToHaveTextAsync($"{stage.HostUrl}/pay/{AccountId.OfDeployToken("a-deploy-token-I-have")}");
        await Expect(page.Locator("#account-heading")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData("words with spaces between")]
    [InlineData("ein-Schlüssel-mit-Umlaut")]
    public async Task A_token_that_no_header_can_carry_is_refused_before_it_is_paid_for(string token)
    {
        await using var stage = await PageStage.StartAsync();
        await using var context = await chrome.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.HostUrl + "/");

        await page.GetByLabel("Or use one that you have").FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use it" }).ClickAsync();

        await Expect(page.Locator("#known-error")).ToHaveTextAsync("A deploy token is one word of plain letters, digits and signs.");
        await Expect(page.GetByLabel("Or use one that you have")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal(stage.HostUrl + "/", page.Url);
    }

    [Fact]
    public async Task Without_scripts_the_page_tells_how_and_a_form_shows_the_account()
    {
        await using var stage = await PageStage.StartAsync();
        await using var context = await (await chrome.WithoutScriptsAsync()).NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(stage.HostUrl + "/");
        // By selectors: Playwright finds texts and roles only outside of <noscript>.
        await Expect(page.Locator("#account pre")).ToBeVisibleAsync();
        await Expect(page.Locator("#account pre")).ToContainTextAsync("openssl rand -hex 32");

        var account = AccountId.OfDeployToken("made in a shell").ToString();
        await page.Locator("#account-id").FillAsync(account);
        await page.Locator("#account button").ClickAsync();

        await Expect(page.Locator("#address")).ToHaveTextAsync($"{stage.HostUrl}/pay/{account}");
    }
}
