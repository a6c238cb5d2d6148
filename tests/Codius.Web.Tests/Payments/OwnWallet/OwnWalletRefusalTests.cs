using System.Text.RegularExpressions;
using Codius.Web.Payments.OwnWallet;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>What a visitor reads who cannot pay from their own wallet, or does not want to; nothing is paid then.</summary>
public sealed partial class OwnWalletRefusalTests : OwnWalletStage
{
    [Fact]
    public async Task After_a_refusal_the_field_has_the_focus_and_the_page_does_not_claim_to_wait()
    {
        var (status, page) = await Browser.SendAsync(App, "not an address");

        Assert.Equal(422, status);
        Assert.Contains("required autofocus", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for a payment.", page, StringComparison.Ordinal);
        // Or a browser that could pay by itself would hide the form.
        Assert.DoesNotContain("classList.add('pays'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("autofocus", (await Browser.OpenAsync(Gateway.UrlOf(App) + ".well-known/codius/pay")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_at_the_wallet_is_told_and_pays_nothing()
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        var (status, page, _) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "no"));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.Declined, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for a payment.", page, StringComparison.Ordinal);
        Assert.Equal(0UL, Wallet.Debited);
    }

    [Fact]
    public async Task Another_browser_cannot_finish_what_this_one_began()
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        using var other = new Visitor(Gateway);
        var (status, page, _) = await other.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.UnknownConsent, page, StringComparison.Ordinal);
        Assert.Equal(0UL, Wallet.Debited);
    }

    [Fact]
    public async Task A_forged_answer_pays_nothing()
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        var url = await Visitor.ChooseAsync(consent, "yes");
        var (status, page, _) = await Browser.OpenAsync(url[..^1] + (url[^1] == '0' ? '1' : '0'));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.WrongHash, page, StringComparison.Ordinal);
        Assert.Equal(0UL, Wallet.Debited);
    }

    [Theory]
    [InlineData("", "Write your wallet address here.")]
    [InlineData("not an address at all", "This is not a wallet address.")]
    [InlineData("javascript:alert(1)", "This is not a wallet address.")]
    [InlineData("$codius.test", "This is an address of this host.")]
    [InlineData("http://127.0.0.1:1/nobody", "No wallet answers at this address.")]
    public async Task What_is_wrong_with_an_address_is_said_at_its_field(string entered, string error)
    {
        var (status, page) = await Browser.SendAsync(App, entered);
        Assert.Equal(422, status);
        Assert.Matches($"id=\"wallet-error\"[^>]*>{Regex.Escape(error)}", page);
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"wallet-error wallet-hint\"", page, StringComparison.Ordinal);
        Assert.Empty(Browser.CookiesOf(App));
    }

    [Theory]
    [InlineData("/auth", 400, "Your wallet cannot pay this app")]
    [InlineData("/op/quotes", 400, "Your wallet cannot pay this app")]
    [InlineData("/op/quotes", 500, "Your wallet does not answer properly right now.")]
    public async Task A_wallet_that_cannot_pay_says_so_before_anybody_is_sent_there(string path, int answers, string error)
    {
        Wallet.Trouble = (path, answers);
        var (status, page) = await Browser.SendAsync(App, Wallet.Address);
        Assert.Equal(422, status);
        Assert.Contains(error, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_redirects_than_three_are_not_followed()
    {
        var (status, page) = await Browser.SendAsync(App, Wallet.OwnDomain(4));
        Assert.Equal(422, status);
        Assert.Contains("This address leads on to one that is not followed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_this_host_is_refused_as_an_address_of_it_is()
    {
        Wallet.RedirectsTo = "http://codius.test/pay/" + App;
        var (status, page) = await Browser.SendAsync(App, Wallet.OwnDomain(1));
        Assert.Equal(422, status);
        Assert.Contains(WalletInput.OwnAddress, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rate_per_host_holds_for_the_hosts_that_an_address_redirects_to()
    {
        // Another name of the same machine, and so another host to the limit; half of the visits name it, half are led to it.
        Wallet.RedirectsTo = Wallet.Origin.Replace("127.0.0.1", "victim.localhost", StringComparison.Ordinal) + "/nobody";
        var page = "";
        for (var visit = 0; visit < 60 && !page.Contains(WalletMessages.TooManyRequests, StringComparison.Ordinal); visit++)
            (_, page) = await Browser.SendAsync(App, visit % 2 == 0 ? Wallet.RedirectsTo : Wallet.OwnDomain(1));

        Assert.Contains(WalletMessages.TooManyRequests, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_wallet_says_of_its_refusal_is_told_as_text()
    {
        Wallet.Trouble = ("/op/quotes", 400);
        Wallet.TroubleBody =
            """
            {"error":{"code":"400","description":"non-positive <b>receive</b> amount",
             "details":{"minSendAmount":{"value":"150","assetCode":"EUR","assetScale":2}}}}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, Gateway.UrlOf(App) + ".well-known/codius/pay");
        request.Headers.Add("Origin", Gateway.UrlOf(App).TrimEnd('/'));
        request.Content = new FormUrlEncodedContent([new("wallet", Wallet.Address), new("times", "1"), new("back", "/")]);
        using var answer = await Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("non-positive &lt;b&gt;receive&lt;/b&gt; amount; min send amount: 1.50 EUR", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>receive</b>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Your wallet did not make the payment")]
    [InlineData(500, "Look into your wallet before you pay again.")]
    public async Task A_payment_that_the_wallet_did_not_make_is_told(int answers, string error)
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        Wallet.Trouble = ("/op/outgoing-payments", answers);
        var (status, page, _) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal(422, status);
        Assert.Contains(error, page, StringComparison.Ordinal);
        Assert.Null(await Gateway.ReadAsync(App));
    }

    [Theory]
    [InlineData("no", WalletMessages.Declined)]
    [InlineData("yes", "Your wallet did not make the payment")]
    public async Task What_became_of_a_payment_is_said_above_the_ways_to_pay_and_the_amount_stays_chosen(string choice, string notice)
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address, "day");
        Wallet.Trouble = ("/op/outgoing-payments", 403);

        var (_, page, _) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, choice));

        Assert.Contains("<option value=\"day\"", Selected().Match(page).Value, StringComparison.Ordinal);
        Assert.Contains($"value=\"{Wallet.Address}\"", page, StringComparison.Ordinal);
        Assert.InRange(page.IndexOf(notice, StringComparison.Ordinal), 1, page.IndexOf("id=\"ways\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    public async Task A_form_from_elsewhere_is_refused(string origin)
    {
        using var refused = new RefusalCounter("own wallet", "other origin");
        Assert.Equal(403, (await Browser.SendAsync(App, Wallet.Address, origin: origin)).Status);
        refused.AssertAtLeast(1);
    }

    [GeneratedRegex("<option[^>]* selected")]
    private static partial Regex Selected();
}
