using System.Net;
using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Pages.Paying;

/// <summary>The page that pays at its own address, for a person who opens a payment pointer or scans a QR code.</summary>
public sealed class PayPageTests
{
    private const string Path = "/.well-known/codius/pay";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_without_funds_is_paid_there_and_opened_afterwards()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var answer = await client.NavigateAsync(stage.AppUrl + Path + "?back=/a?b=c", Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Contains("data-back=\"/a?b=c\"", html, StringComparison.Ordinal);
        Assert.Contains("Needed to open", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_app_is_topped_up_there_and_the_page_says_how_long_its_balance_lasts()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 24_000_000);

        var html = await (await client.NavigateAsync(stage.AppUrl + Path, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("about 2 hours", html, StringComparison.Ordinal);
        Assert.Contains("data-stays=\"yes\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/\">Open hello</a>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("awake", 9_999, "closed")]
    [InlineData("awake", 10_000, "low")]
    [InlineData("waking", 10_000, "low")]
    [InlineData("asleep", 10_000, "closed")]
    [InlineData("asleep", 176_667, "low")]
    [InlineData("asleep", 200_000, "open")]
    [InlineData("awake", 200_000, "open")]
    [InlineData("failed", 0, "failed")]
    [InlineData("failed", 200_000, "failed")]
    public async Task It_says_what_a_visit_would_get_and_so_does_the_state(string state, ulong funds, string standing)
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", funds);
        stage.Apps.Set("hello", state switch
        {
            "awake" => new AppState.Awake(new Uri("http://127.0.0.1:1")),
            "waking" => AppState.Waking,
            "failed" => new AppState.Failed("no such file"),
            _ => AppState.Asleep,
        });

        var html = await (await client.NavigateAsync(stage.AppUrl + Path, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var balance = await client.GetStringAsync(stage.AppUrl + "/.well-known/codius/balance", Cancellation);

        Assert.Contains($"data-standing=\"{standing}\"", html, StringComparison.Ordinal);
        Assert.Contains($"\"standing\":\"{standing}\"", balance, StringComparison.Ordinal);
        Assert.Equal(standing is "open" or "low", html.Contains("id=\"open\"><a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task For_an_app_that_cannot_start_it_recommends_no_payment_and_says_why()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 24_000_000);
        stage.Apps.Set("hello", new AppState.Failed("no such file"));

        var html = await (await client.NavigateAsync(stage.AppUrl + Path, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains(">no such file</pre>", html, StringComparison.Ordinal);
        Assert.Contains("<title>hello could not start</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"recommended\"", html, StringComparison.Ordinal);
        Assert.Contains("<summary>Ways to pay</summary>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_none_for_an_app_that_is_not_here_and_503_while_the_ledger_is_away()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var nobody = await client.NavigateAsync($"http://nobody.localhost:{stage.Port}{Path}", Cancellation);
        stage.Balances.IsAway = true;
        using var away = await client.NavigateAsync(stage.AppUrl + Path, Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable), (nobody.StatusCode, away.StatusCode));
    }

    [Theory]
    [InlineData("//evil.test/")]
    [InlineData("https://evil.test/")]
    [InlineData("/.well-known/codius/pay")]
    public async Task It_leads_nowhere_else(string back)
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        var html = await (await client.NavigateAsync($"{stage.AppUrl}{Path}?back={Uri.EscapeDataString(back)}", Cancellation)).Content
            .ReadAsStringAsync(Cancellation);

        Assert.Contains("data-back=\"/\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "Pay with the sandbox wallet")]
    [InlineData(false, true, "Pay from your own wallet")]
    [InlineData(false, false, "Pay from any Interledger wallet")]
    public async Task One_way_is_recommended_and_the_others_are_behind_a_heading(bool sandbox, bool ownWallet, string recommended)
    {
        await using var stage = await PageStage.StartAsync(builder =>
            builder.Services.Configure<SandboxOptions>(options => options.Enabled = sandbox));
        stage.Get<OfferedWays>().HasWalletAddress = ownWallet;
        using var client = stage.Client();

        var html = await (await client.NavigateAsync(stage.AppUrl + Path, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        var first = html.IndexOf("id=\"recommended\"", StringComparison.Ordinal);
        var rest = html.IndexOf("<details", StringComparison.Ordinal);
        Assert.InRange(html.IndexOf(recommended, StringComparison.Ordinal), first, rest);
        Assert.Equal(ownWallet, html.Contains("<form class=\"wallet\"", StringComparison.Ordinal));
        // An extension needs a wallet address as the form does.
        Assert.Equal(ownWallet, html.IndexOf("Pay as you browse", StringComparison.Ordinal) > rest);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Path)]
    public async Task While_no_way_to_pay_works_it_says_so_and_shows_none(string path)
    {
        await using var stage = await PageStage.StartAsync();
        stage.IsShut = true;
        using var client = stage.Client();
        string[] ways = ["monetization\"", "id=\"sandbox\"", "<form class=\"wallet\"", "id=\"pointer\"", "id=\"address\"",
            "waiting-for-wallet"];
        const string Notice = "This app cannot be paid at the moment";
        async Task<string> ReadAsync() =>
            await (await client.NavigateAsync(stage.AppUrl + path, Cancellation)).Content.ReadAsStringAsync(Cancellation);

        stage.Get<OfferedWays>().CanBePaid = false;
        var page = await ReadAsync();
        Assert.Contains(Notice, page, StringComparison.Ordinal);
        Assert.Contains(path.Length == 0 ? "this page asks again by itself" : "come back in a while", page, StringComparison.Ordinal);
        Assert.All(ways, way => Assert.DoesNotContain(way, page, StringComparison.Ordinal));

        stage.Get<OfferedWays>().CanBePaid = true;
        page = await ReadAsync();
        Assert.DoesNotContain(Notice, page, StringComparison.Ordinal);
        Assert.All(ways, way => Assert.Contains(way, page, StringComparison.Ordinal));
    }
}
