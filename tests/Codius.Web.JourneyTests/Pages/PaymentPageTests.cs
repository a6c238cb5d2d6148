using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.JourneyTests.Browsing;
using Codius.Web.Pages.Paying;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Pages;

public sealed class PaymentPageTests(Chrome chrome) : IAsyncLifetime
{
    // Scripted, since no extension is available here: what today's extension and that of 2020 put into a page.
    private const string TodaysBrowser =
        "const supports = DOMTokenList.prototype.supports; " +
        "DOMTokenList.prototype.supports = function (token) { return token === 'monetization' || supports.call(this, token); };";

    private const string BrowserOf2020 = "document.monetization = Object.assign(new EventTarget(), { state: 'pending' });";

    // Counts the links that the page puts in after it was parsed.
    private const string LinkCounter =
        "window.links = 0; document.addEventListener('DOMContentLoaded', () => new MutationObserver(changes => changes.forEach(" +
        "change => change.addedNodes.forEach(node => links += node.rel === 'monetization' ? 1 : 0)))" +
        ".observe(document.head, { childList: true }));";

    private const string HeartbeatCounter =
        "window.heartbeats = 0; const Stream = EventSource; window.EventSource = class extends Stream { constructor(url) " +
        "{ super(url); this.addEventListener('alive', () => heartbeats++); } };";

    private PageStage _stage = null!;
    private IBrowserContext _context = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await PageStage.StartAsync();
        _stage.Balances.Set("hello", 0);
        _stage.Apps.Set("hello", new AppState.Awake(new Uri("http://127.0.0.1:1")));
        _context = await chrome.Browser.NewContextAsync(Look.Desk.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await _stage.DisposeAsync();
    }

    [Fact]
    public async Task While_the_host_cannot_be_paid_the_page_says_so_and_shows_the_ways_once_it_can()
    {
        _stage.Get<OfferedWays>().CanBePaid = false;
        var page = await OpenAsync();
        await Expect(page.Locator("#unpayable")).ToContainTextAsync("This app cannot be paid at the moment");
        await Expect(page.Locator("#ways")).ToHaveCountAsync(0);
        await PageChecks.CheckAsync(page, "cannot-be-paid");

        _stage.Get<OfferedWays>().CanBePaid = true;

        await Expect(page.Locator("#ways")).ToBeVisibleAsync();
        await Expect(page.Locator("#unpayable")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(2)]
    public async Task The_balance_alone_opens_the_app_and_less_than_enough_is_told_once(int scaleOfTheWire)
    {
        _stage.Get<WireAsset>().Set(scaleOfTheWire);
        var page = await OpenAsync();
        await page.EvaluateAsync(
            "window.told = []; new MutationObserver(() => told.push(document.getElementById('state').textContent))" +
            ".observe(document.getElementById('state'), { childList: true, characterData: true, subtree: true })");

        for (var funds = 1_000UL; funds <= 5_000; funds += 1_000)
        {
            _stage.Balances.Set("hello", funds);
            await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", $"0.00000{funds / 1000}");
        }

        Assert.Equal(["A payment arrived; it is not enough yet."], await page.EvaluateAsync<string[]>("told"));
        _stage.Balances.Set("hello", 200_000);
        await IsInAsync(page);
    }

    [Fact]
    public async Task A_browser_that_pays_by_itself_gets_three_seconds_before_the_other_ways_show()
    {
        var page = await _context.NewPageAsync();
        await page.AddInitScriptAsync(TodaysBrowser);
        await page.Clock.InstallAsync();
        await page.GotoAsync(_stage.AppUrl + "/");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser can pay by itself. Waiting for your wallet.");
        await Expect(page.Locator("#ways")).ToBeHiddenAsync();
        await page.Clock.FastForwardAsync(3000);
        await Expect(page.Locator("#ways")).ToBeVisibleAsync();
        await page.Clock.FastForwardAsync(7000);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("No payment from your browser so far");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Pay with the sandbox wallet" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Events_of_todays_extension_are_hints_and_only_money_opens()
    {
        var page = await OpenAsync(TodaysBrowser);

        await page.EvaluateAsync("document.dispatchEvent(new CustomEvent('monetization', { detail: {} }))");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your wallet is paying. Waiting for the money to arrive.");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("runs on small payments");

        _stage.Balances.Set("hello", 200_000);
        await IsInAsync(page);
    }

    [Fact]
    public async Task An_address_the_extension_refuses_shows_the_other_ways_at_once()
    {
        var page = await OpenAsync(TodaysBrowser);

        await page.EvaluateAsync("document.querySelector('link[rel=monetization]').dispatchEvent(new Event('error'))");

        await Expect(page.Locator("#ways")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Please pay in another way.");
    }

    [Fact]
    public async Task Receipts_of_the_generation_of_2020_are_posted_to_the_account()
    {
        var posted = new ConcurrentQueue<string?>();
        await _context.RouteAsync("**/balances/hello:creditReceipt", async route =>
        {
            posted.Enqueue(route.Request.PostData);
            _stage.Balances.Set("hello", 200_000);
            await route.FulfillAsync(
                new RouteFulfillOptions { Status = 200, Body = "200000", Headers = [new("Access-Control-Allow-Origin", "*")] });
        });
        var page = await OpenAsync(BrowserOf2020);

        await page.EvaluateAsync(
            "document.monetization.dispatchEvent(new CustomEvent('monetizationprogress', { detail: { receipt: 'AQID' } }))");

        await IsInAsync(page);
        Assert.Equal(["AQID"], posted);
    }

    [Fact]
    public async Task Addresses_are_copied_by_keyboard_and_the_result_is_spoken()
    {
        await _context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await OpenAsync();

        await page.Locator("#others summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy payment pointer" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Copied.");
        Assert.Equal($"$hello.localhost:{_stage.Port}", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task An_app_that_stays_closed_is_not_loaded_for_ever()
    {
        _stage.IsShut = true;
        _stage.Balances.Set("hello", 200_000);
        var page = await _context.NewPageAsync();
        var loads = 0;
        page.Response += (_, response) => loads += response.Request.IsNavigationRequest ? 1 : 0;
        await page.GotoAsync(_stage.AppUrl + "/");

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open hello" })).ToBeVisibleAsync();
        Assert.Equal(5, loads);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Open it when you are ready.");
    }

    [Fact]
    public async Task A_page_that_came_back_asks_for_the_balance_again()
    {
        var page = await OpenAsync();

        var asked = page.WaitForRequestAsync("**/.well-known/codius/balance");
        await page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await asked;
    }

    [Fact]
    public async Task A_tab_that_came_to_the_front_again_asks_for_the_balance()
    {
        var page = await OpenAsync();

        var asked = page.WaitForRequestAsync("**/.well-known/codius/balance");
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        await asked;
    }

    [Fact]
    public async Task Going_back_to_the_page_shows_what_was_paid_meanwhile_and_pays_nothing()
    {
        var page = await OpenAsync();
        await page.GotoAsync(_stage.HostUrl + "/");
        _stage.Balances.Set("hello", 1_000);

        await page.GoBackAsync();

        await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", "0.000001");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("runs on small payments");
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task Beside_the_address_stands_its_picture_where_a_phone_can_look_at_the_screen(int width, bool shown)
    {
        var page = await OpenAsync();
        await page.SetViewportSizeAsync(width, 900);
        await page.Locator("#others summary").ClickAsync();

        var picture = page.Locator("svg.qr");
        Assert.Equal(shown, await picture.IsVisibleAsync());
        await Expect(picture).ToHaveAttributeAsync("aria-label", "QR code of this page's address");
        await Expect(page.Locator("#address")).ToHaveTextAsync(_stage.AppUrl + "/.well-known/pay");
    }

    [Fact]
    public async Task Where_streams_are_refused_the_balance_is_asked_for()
    {
        await _context.RouteAsync("**/.well-known/codius/events", route => route.FulfillAsync(new RouteFulfillOptions { Status = 429 }));
        var page = await OpenAsync();

        _stage.Balances.Set("hello", 200_000);

        await IsInAsync(page);
    }

    [Fact]
    public async Task Where_a_proxy_holds_the_stream_back_the_balance_is_asked_for_ever_more_rarely()
    {
        await HoldStreamsBackAsync();
        var polls = 0;
        _context.Request += (_, request) => polls += request.Url.EndsWith("/balance", StringComparison.Ordinal) ? 1 : 0;
        var page = await _context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync(_stage.AppUrl + "/");

        // Each poll's answer is awaited before the next one is due.
        for (var second = 0; second < 60; second++) await page.Clock.RunForAsync(1000);

        Assert.InRange(polls, 3, 15);
        _stage.Balances.Set("hello", 200_000);
        await page.Clock.RunForAsync(10_000);
        await page.Clock.ResumeAsync();
        await IsInAsync(page);
    }

    [Fact]
    public async Task While_the_stream_is_heard_nothing_is_asked_for()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:Heartbeat", "00:00:01"));
        var polls = 0;
        _context.Request += (_, request) => polls += request.Url.EndsWith("/balance", StringComparison.Ordinal) ? 1 : 0;
        var page = await _context.NewPageAsync();
        await page.AddInitScriptAsync(HeartbeatCounter);
        await page.StopClockAsync();
        await page.GotoAsync(stage.AppUrl + "/");

        for (var minute = 0; minute < 3; minute++)
        {
            var before = await page.EvaluateAsync<int>("heartbeats");
            await Eventually.TrueAsync("a heartbeat",
                async () => await page.EvaluateAsync<int>("heartbeats") > before ? true : (bool?)null);
            await page.Clock.RunForAsync(18_000);
        }

        Assert.Equal(0, polls);
    }

    [Fact]
    public async Task A_stream_that_is_held_back_after_it_spoke_is_noticed_by_its_silence_and_opened_anew()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:Heartbeat", "00:10:00"));
        var page = await OpenSilentAsync(stage);
        var streams = 0;
        _context.Request += (_, request) => streams += request.Url.EndsWith("/events", StringComparison.Ordinal) ? 1 : 0;

        var asked = page.WaitForRequestAsync("**/.well-known/codius/balance");
        await page.Clock.RunForAsync(20_000);

        await asked;
        await Eventually.TrueAsync("a new stream", () => streams == 1);
    }

    [Fact]
    public async Task A_host_that_hangs_after_it_spoke_is_told_of_and_the_extension_tries_again_when_it_is_back()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:Heartbeat", "00:10:00"));
        var page = await OpenSilentAsync(stage);
        // The connections stay open, and nothing comes back.
        await _context.RouteAsync("**/.well-known/codius/{events,balance}", _ => Task.CompletedTask);

        // Until it is polled, and until that has waited long enough.
        await page.Clock.RunForAsync(20_000);
        await page.Clock.RunForAsync(5_000);

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The host does not answer right now.");
        var links = await page.EvaluateAsync<int>("links");
        await _context.UnrouteAsync("**/.well-known/codius/{events,balance}");
        await page.Clock.RunForAsync(10_000);
        await Eventually.TrueAsync("the new link", async () => await page.EvaluateAsync<int>("links") == links + 1 ? true : (bool?)null);
        await Expect(page.GetByRole(AriaRole.Status)).Not.ToContainTextAsync("The host does not answer");
    }

    [Fact]
    public async Task When_the_host_is_back_the_extension_gets_a_new_link_to_try()
    {
        await _context.RouteAsync("**/.well-known/codius/{events,balance}", route => route.AbortAsync());
        var page = await OpenAsync(TodaysBrowser + LinkCounter);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The host does not answer right now.");
        Assert.Equal(0, await page.EvaluateAsync<int>("links"));

        await _context.UnrouteAsync("**/.well-known/codius/{events,balance}");

        // Not by WaitForFunction, which the page's policy refuses.
        await Eventually.TrueAsync("the new link", async () => await page.EvaluateAsync<int>("links") == 1 ? true : (bool?)null);
        await Expect(page.Locator("link[rel=monetization]")).ToHaveCountAsync(1);
        await page.EvaluateAsync("document.querySelector('link[rel=monetization]').dispatchEvent(new Event('error'))");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Please pay in another way.");
    }

    [Fact]
    public async Task After_its_verdict_the_page_gives_the_extension_one_more_try()
    {
        var page = await _context.NewPageAsync();
        await page.AddInitScriptAsync(TodaysBrowser + LinkCounter);
        await page.StopClockAsync();
        // The page's clock, which this goes by too, runs ahead of the real answers.
        await page.AddInitScriptAsync("AbortSignal.timeout = () => undefined;");
        await page.GotoAsync(_stage.AppUrl + "/");

        await page.Clock.RunForAsync(9_000);
        Assert.Equal(0, await page.EvaluateAsync<int>("links"));
        await page.Clock.RunForAsync(60_000);

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("No payment from your browser so far");
        Assert.Equal(1, await page.EvaluateAsync<int>("links"));
    }

    [Fact]
    public async Task A_payment_that_the_wallet_accepted_a_moment_ago_is_waited_for_before_another_is_asked_for()
    {
        await _context.AddCookiesAsync([new Cookie
        {
            Name = "codius-sent",
            Value = $"8300000.{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}",
            Url = _stage.AppUrl,
        }]);
        var page = await OpenAsync();

        await Expect(page.Locator(".notice")).ToContainTextAsync("Your wallet accepted a payment of US$0.0083.");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Waiting for the money to arrive.");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Pay with the sandbox wallet" })).ToBeHiddenAsync();
        await PageChecks.CheckAsync(page, "402-sent");

        _stage.Balances.Set("hello", 200_000);
        await IsInAsync(page);
    }

    [Fact]
    public async Task An_open_app_is_topped_up_without_leaving_the_page()
    {
        _stage.Balances.Set("hello", 1_000_000);
        var page = await _context.NewPageAsync();
        await page.GotoAsync(_stage.AppUrl + "/.well-known/codius/pay");
        await Expect(page.Locator("#lasts")).ToHaveTextAsync("about 5 minutes");

        _stage.Balances.Set("hello", 24_000_000);

        await Expect(page.Locator("#lasts")).ToHaveTextAsync("about 2 hours");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("A payment arrived. Thank you.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open hello" }).ClickAsync();
        await IsInAsync(page);
    }

    [Fact]
    public async Task The_page_of_its_own_says_both_when_the_app_closes_and_when_it_opens_again()
    {
        _stage.Balances.Set("hello", 24_000_000);
        var page = await _context.NewPageAsync();
        await page.GotoAsync(_stage.AppUrl + "/.well-known/codius/pay");
        var lead = page.Locator(".lead >> visible=true");
        await Expect(lead).ToContainTextAsync("It is open to everyone.");
        await Expect(page.GetByRole(AriaRole.Progressbar)).ToBeHiddenAsync();

        _stage.Balances.Set("hello", 50_000);
        await Expect(lead).ToContainTextAsync("its balance is low");
        await Expect(page.Locator("#lasts")).ToBeHiddenAsync();
        _stage.Balances.Set("hello", 5_000);
        await Expect(lead).ToContainTextAsync("It opens once its prepaid balance holds");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Waiting for a payment.");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open hello" })).ToBeHiddenAsync();
        _stage.Apps.Set("hello", new AppState.Failed("no such file"));
        await Expect(lead).ToContainTextAsync("It could not start when it was last tried");
        await Expect(page.Locator("#reason")).ToHaveTextAsync("no such file");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Pay with the sandbox wallet" })).ToBeHiddenAsync();

        _stage.Apps.Set("hello", AppState.Asleep);
        _stage.Balances.Set("hello", 1_000_000);
        await Expect(lead).ToContainTextAsync("It is open to everyone.");
        await Expect(page.Locator("#lasts")).ToHaveTextAsync("about 5 minutes");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open hello" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Paid_at_the_page_of_its_own_the_app_opens_where_the_visitor_came_from()
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(_stage.AppUrl + "/.well-known/codius/pay?back=/a%3Fb=c");

        _stage.Balances.Set("hello", 200_000);

        await IsInAsync(page);
        Assert.Equal(_stage.AppUrl + "/a?b=c", page.Url);
    }

    // As a proxy that buffers: the request goes through, and nothing comes back.
    private Task<IAsyncDisposable> HoldStreamsBackAsync() => _context.RouteAsync("**/.well-known/codius/events", _ => Task.CompletedTask);

    private async Task<IPage> OpenSilentAsync(PageStage stage)
    {
        var page = await _context.NewPageAsync();
        await page.AddInitScriptAsync(TodaysBrowser + LinkCounter);
        await page.StopClockAsync();
        await page.GotoAsync(stage.AppUrl + "/");
        stage.Balances.Set("hello", 1_000);
        await Expect(page.Locator("#balance")).ToHaveAttributeAsync("value", "0.000001");
        return page;
    }

    private async Task<IPage> OpenAsync(string? script = null)
    {
        var page = await _context.NewPageAsync();
        if (script is not null) await page.AddInitScriptAsync(script);
        await page.GotoAsync(_stage.AppUrl + "/");
        return page;
    }

    private static async Task IsInAsync(IPage page) =>
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Hello from the app" })).ToBeVisibleAsync();
}
