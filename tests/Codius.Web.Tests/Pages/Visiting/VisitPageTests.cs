using System.Net;
using System.Text.RegularExpressions;
using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Tests.Pages.Visiting;

public sealed partial class VisitPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_is_never_stored_and_runs_only_its_own_scripts_and_styles()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var answer = await client.NavigateAsync(stage.AppUrl + "/", Cancellation);
        using var other = await client.NavigateAsync(stage.AppUrl + "/", Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.All(Active().Matches(html), tag =>
            Assert.Contains($"nonce=\"{nonce}\"", WebUtility.HtmlDecode(tag.Value), StringComparison.Ordinal));
        Assert.NotEqual(policy, other.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task The_402_page_names_the_price_and_both_forms_of_the_address()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 5_000);

        var html = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains($"<link rel=\"monetization\" href=\"{stage.AppUrl}/.well-known/pay\"", html, StringComparison.Ordinal);
        Assert.Contains($"<meta name=\"monetization\" content=\"$hello.localhost:{stage.Port}\"", html, StringComparison.Ordinal);
        Assert.Contains("0.0002 USD", html, StringComparison.Ordinal);
        Assert.Contains("0.000005 USD", html, StringComparison.Ordinal);
        Assert.Contains($"http://wallet.localhost:{stage.Port}/?pay=%24hello.localhost%3A{stage.Port}&amp;amount=0.013", html,
            StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", html, StringComparison.Ordinal);
        // A reload closes what was opened, so that a page without scripts leads to one that does not reload itself.
        Assert.Matches(@"/\.well-known/codius/pay\?back=%2F"">All ways to pay, without\s+reloading", html);
    }

    [Fact]
    public async Task The_QR_code_holds_the_address_of_the_page_that_pays()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        var account = "t-" + new string('a', 52);

        var app = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var home = await (await client.NavigateAsync($"{stage.HostUrl}/?account={account}", Cancellation)).Content
            .ReadAsStringAsync(Cancellation);

        Assert.Contains(QrCode.Of(stage.AppUrl + "/.well-known/codius/pay").Path, app, StringComparison.Ordinal);
        Assert.Contains(QrCode.Of($"{stage.HostUrl}/?account={account}").Path, home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_is_presented_as_its_owner_wrote_in_annotations_and_as_text()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Apps.Host("hello", presentation: new AppPresentation("Tea & <talk>", "A sentence.", "data:image/png;base64,AAAA"));

        var asked = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);
        stage.Balances.Set("hello", 1_000_000);
        var waking = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var home = await (await client.NavigateAsync(stage.HostUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);

        foreach (var page in new[] { asked, waking, home })
        {
            Assert.Contains("Tea &amp; &lt;talk&gt;", page, StringComparison.Ordinal);
            Assert.Contains("A sentence.", page, StringComparison.Ordinal);
            Assert.Contains("src=\"data:image/png;base64,AAAA\" alt", page, StringComparison.Ordinal);
        }
        Assert.Contains("hello.localhost", home, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"sunrise\"", waking, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_address_breaks_after_its_scheme_and_before_a_sign()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        var html = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains($">http://<wbr>hello<wbr>.localhost<wbr>:{stage.Port}<wbr>/.well-known<wbr>/pay<", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_page_says_what_a_wake_costs()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        var home = await (await client.NavigateAsync(stage.HostUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Matches(@"A wake costs at least a\s+minute awake", home);
        Assert.DoesNotMatch(@"wake\s+is\s+free", home);
    }

    [Fact]
    public async Task The_hosts_page_lists_names_and_no_hashes()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Apps.Host(new string('a', 52));

        var home = await (await client.NavigateAsync(stage.HostUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains(stage.UrlOf("guestbook"), home, StringComparison.Ordinal);
        Assert.DoesNotContain(stage.UrlOf(new string('a', 52)), home, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_is_never_sent_again_by_the_page()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        var html =
            await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation, HttpMethod.Post)).Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("data-reloadable=\"no\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_app_wrote_is_text_on_the_page()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 1_000_000);
        stage.Apps.Set("hello", new AppState.Failed("<img src=x onerror=alert(1)>"));

        using var answer = await client.NavigateAsync(stage.AppUrl + "/", Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_a_page_for_a_person_and_JSON_for_a_program()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        var nobody = $"http://nobody.localhost:{stage.Port}/";

        using var page = await client.NavigateAsync(nobody, Cancellation);
        using var problem = await client.GetAsync(nobody, Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"),
            (problem.StatusCode, problem.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_path_the_host_does_not_know_is_a_page_for_a_person_too()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var page = await client.NavigateAsync(stage.HostUrl + "/nothing", Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_page_asked_for_with_HEAD_has_no_body()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var answer = await client.NavigateAsync(stage.AppUrl + "/", Cancellation, HttpMethod.Head);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Only_the_hosts_own_page_refuses_to_be_framed()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var home = await client.NavigateAsync(stage.HostUrl + "/", Cancellation);
        using var app = await client.NavigateAsync(stage.AppUrl + "/", Cancellation);

        Assert.Contains("frame-ancestors 'none'", home.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("frame-ancestors", app.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_may_be_kept_for_ever_under_their_version_and_must_be_asked_for_again_under_another()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        var html = await (await client.NavigateAsync(stage.AppUrl + "/", Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var sheet = Sheet().Match(html).Value;

        using var right = await client.GetAsync(stage.AppUrl + sheet, Cancellation);
        using var old = await client.GetAsync(stage.AppUrl + "/.well-known/codius/assets/old/page.css", Cancellation);
        using var none = await client.GetAsync(stage.AppUrl + "/.well-known/codius/assets/old/none.css", Cancellation);

        Assert.Contains("immutable", right.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.True(old.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [GeneratedRegex("script-src 'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<(script|link rel=\"stylesheet\"|style)[^>]*>")]
    private static partial Regex Active();

    [GeneratedRegex("/.well-known/codius/assets/[^\"]*page.css")]
    private static partial Regex Sheet();
}
