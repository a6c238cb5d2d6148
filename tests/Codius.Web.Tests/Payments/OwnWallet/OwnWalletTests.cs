using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Payments.OwnWallet;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>
/// A visitor pays from their own wallet: the gateway calls the wallet, the visitor consents there, the wallet pays by STREAM.
/// </summary>
public sealed partial class OwnWalletTests : IAsyncLifetime
{
    private const ulong Opening = 300_000;
    private const ulong HourOfUse = 8_000_000;

    private PayableGateway _gateway = null!;
    private IlpOverHttpClient _connector = null!;
    private FakeWallet _wallet = null!;
    private readonly JumpingClock _clock = new();
    private Visitor _visitor = null!;
    private string _app = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await PayableGateway.StartAsync(settings: ["Prices:OpenAt=0.0003"], services: parts =>
            parts.AddSingleton(provider => ActivatorUtilities.CreateInstance<OwnWalletFlow>(provider, _clock)));
        _connector = _gateway.Connector();
        _wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(_gateway.Port), _connector);
        _wallet.Clock = _clock;
        _visitor = new Visitor(_gateway);
        _app = _gateway.NewApp();
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _wallet.DisposeAsync();
        _connector.Dispose();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("now", Opening)]
    [InlineData("hour", Opening + HourOfUse)]
    public async Task One_yes_at_the_wallet_pays_exactly_the_amount_that_was_chosen(string amount, ulong units)
    {
        var (status, consent) = await _visitor.SendAsync(_app, _wallet.Address, amount, back: "/page?a=b");
        Assert.Equal(200, status);
        Assert.Contains("Alice's wallet", consent, StringComparison.Ordinal);
        Assert.Contains($"value=\"0.{(units + (units / 100) + 1).ToString("D9").TrimEnd('0')}\"", consent, StringComparison.Ordinal);
        Assert.Equal(0UL, _wallet.Debited);

        var (back, _, answer) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));

        Assert.Equal((303, "/page?a=b"), (back, answer.Headers.Location!.OriginalString));
        var paid = Assert.Single(await _wallet.PaymentsAsync());
        Assert.Equal((PaymentEnding.Completed, units), (paid.Ending, paid.Delivered));
        Assert.Equal(new Balance(units, units, 0, 0), await _gateway.BalanceAsync(_app));
        Assert.Equal(units + (units / 100) + 1, _wallet.Debited);
    }

    [Fact]
    public async Task The_statement_names_the_wallet_address_that_paid_also_when_an_own_domain_led_to_it()
    {
        foreach (var address in new[] { _wallet.Address, _wallet.OwnDomain(2) })
        {
            var (_, consent) = await _visitor.SendAsync(_app, address);
            Assert.Equal(303, (await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        }
        await _wallet.PaymentsAsync();

        Assert.Equal([_wallet.Address, _wallet.Address], await PayersAsync());
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("its own with a fragment")]
    public async Task A_wallet_that_names_itself_by_an_address_of_another_is_no_known_payer(string address)
    {
        _wallet.NamedId = address == "another's" ? _wallet.Origin + "/bob" : _wallet.Address + "#https://wallet.example/bob";
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        Assert.Equal(303, (await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        await _wallet.PaymentsAsync();

        Assert.Equal([null], await PayersAsync());
    }

    [Fact]
    public async Task A_yes_that_comes_sooner_than_the_wallet_wants_to_be_asked_again_pays_after_the_rest_of_its_wait()
    {
        _wallet.Wait = TimeSpan.FromSeconds(5);
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(303, (await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);

        Assert.Equal([TimeSpan.FromSeconds(3)], _clock.Waits);
        Assert.Equal((0, Opening), (_wallet.TooFast, Assert.Single(await _wallet.PaymentsAsync()).Delivered));
    }

    [Fact]
    public async Task Coming_back_twice_pays_once()
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        var cookie = Assert.Single(_visitor.CookiesOf(_app));
        var url = await Visitor.ChooseAsync(consent, "yes");

        Assert.Equal(303, (await _visitor.OpenAsync(url)).Status);
        Assert.DoesNotContain(_visitor.CookiesOf(_app), kept => kept.Name == cookie.Name);
        using var stubborn = new HttpClient(GatewayUnderTest.Handler(_gateway.Port));
        stubborn.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var again = await stubborn.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(303, (int)again.StatusCode);
        Assert.DoesNotContain(again.Headers.GetValues("Set-Cookie"), told => told.StartsWith("codius-sent", StringComparison.Ordinal));
        Assert.Single(await _wallet.PaymentsAsync());
        Assert.Equal(Opening, (await _gateway.BalanceAsync(_app)).Credited);
    }

    [Fact]
    public async Task The_cookie_is_for_this_app_and_for_nobody_to_read()
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        var cookie = Assert.Single(_visitor.CookiesOf(_app));
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain("continue-", cookie.Value, StringComparison.Ordinal);
        var url = new UriBuilder(await Visitor.ChooseAsync(consent, "yes"));
        var other = _gateway.NewApp();
        url.Host = url.Host.Replace(_app, other, StringComparison.Ordinal);

        using var thief = new HttpClient(GatewayUnderTest.Handler(_gateway.Port));
        thief.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var answer = await thief.GetAsync(url.Uri, TestContext.Current.CancellationToken);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal(0UL, _wallet.Debited);
    }

    [Fact]
    public async Task After_a_refusal_the_field_has_the_focus_and_the_page_does_not_claim_to_wait()
    {
        var (status, page) = await _visitor.SendAsync(_app, "not an address");

        Assert.Equal(422, status);
        Assert.Contains("required autofocus", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for a payment.", page, StringComparison.Ordinal);
        // Or a browser that could pay by itself would hide the form.
        Assert.DoesNotContain("classList.add('pays'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("autofocus", (await _visitor.OpenAsync(_gateway.UrlOf(_app) + ".well-known/codius/pay")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_at_the_wallet_is_told_and_pays_nothing()
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        var (status, page, _) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "no"));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.Declined, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for a payment.", page, StringComparison.Ordinal);
        Assert.Equal(0UL, _wallet.Debited);
    }

    [Fact]
    public async Task Another_browser_cannot_finish_what_this_one_began()
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        using var other = new Visitor(_gateway);
        var (status, page, _) = await other.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.UnknownConsent, page, StringComparison.Ordinal);
        Assert.Equal(0UL, _wallet.Debited);
    }

    [Fact]
    public async Task A_forged_answer_pays_nothing()
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        var url = await Visitor.ChooseAsync(consent, "yes");
        var (status, page, _) = await _visitor.OpenAsync(url[..^1] + (url[^1] == '0' ? '1' : '0'));
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.WrongHash, page, StringComparison.Ordinal);
        Assert.Equal(0UL, _wallet.Debited);
    }

    [Theory]
    [InlineData("", "Write your wallet address here.")]
    [InlineData("not an address at all", "This is not a wallet address.")]
    [InlineData("javascript:alert(1)", "This is not a wallet address.")]
    [InlineData("$codius.test", "This is an address of this host.")]
    [InlineData("http://127.0.0.1:1/nobody", "No wallet answers at this address.")]
    public async Task What_is_wrong_with_an_address_is_said_at_its_field(string entered, string error)
    {
        var (status, page) = await _visitor.SendAsync(_app, entered);
        Assert.Equal(422, status);
        Assert.Matches($"id=\"wallet-error\"[^>]*>{Regex.Escape(error)}", page);
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"wallet-error wallet-hint\"", page, StringComparison.Ordinal);
        Assert.Empty(_visitor.CookiesOf(_app));
    }

    [Theory]
    [InlineData("/auth", 400, "Your wallet cannot pay this app")]
    [InlineData("/op/quotes", 400, "Your wallet cannot pay this app")]
    [InlineData("/op/quotes", 500, "Your wallet does not answer properly right now.")]
    public async Task A_wallet_that_cannot_pay_says_so_before_anybody_is_sent_there(string path, int answers, string error)
    {
        _wallet.Trouble = (path, answers);
        var (status, page) = await _visitor.SendAsync(_app, _wallet.Address);
        Assert.Equal(422, status);
        Assert.Contains(error, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_own_domain_that_redirects_to_the_wallet_pays_from_the_wallet_that_it_leads_to(int redirects)
    {
        var (status, consent) = await _visitor.SendAsync(_app, _wallet.OwnDomain(redirects));
        Assert.Equal(200, status);
        Assert.Equal(303, (await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        Assert.Equal(Opening, Assert.Single(await _wallet.PaymentsAsync()).Delivered);
    }

    [Fact]
    public async Task More_redirects_than_three_are_not_followed()
    {
        var (status, page) = await _visitor.SendAsync(_app, _wallet.OwnDomain(4));
        Assert.Equal(422, status);
        Assert.Contains("This address leads on to one that is not followed", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_this_host_is_refused_as_an_address_of_it_is()
    {
        _wallet.RedirectsTo = "http://codius.test/pay/" + _app;
        var (status, page) = await _visitor.SendAsync(_app, _wallet.OwnDomain(1));
        Assert.Equal(422, status);
        Assert.Contains(WalletInput.OwnAddress, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rate_per_host_holds_for_the_hosts_that_an_address_redirects_to()
    {
        // Another name of the same machine, and so another host to the limit; half of the visits name it, half are led to it.
        _wallet.RedirectsTo = _wallet.Origin.Replace("127.0.0.1", "victim.localhost", StringComparison.Ordinal) + "/nobody";
        var page = "";
        for (var visit = 0; visit < 60 && !page.Contains(WalletMessages.TooManyRequests, StringComparison.Ordinal); visit++)
            (_, page) = await _visitor.SendAsync(_app, visit % 2 == 0 ? _wallet.RedirectsTo : _wallet.OwnDomain(1));

        Assert.Contains(WalletMessages.TooManyRequests, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_wallet_says_of_its_refusal_is_told_as_text()
    {
        _wallet.Trouble = ("/op/quotes", 400);
        _wallet.TroubleBody =
            """
            {"error":{"code":"400","description":"non-positive <b>receive</b> amount",
             "details":{"minSendAmount":{"value":"150","assetCode":"EUR","assetScale":2}}}}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.UrlOf(_app) + ".well-known/codius/pay");
        request.Headers.Add("Origin", _gateway.UrlOf(_app).TrimEnd('/'));
        request.Content = new FormUrlEncodedContent([new("wallet", _wallet.Address), new("times", "1"), new("back", "/")]);
        using var answer = await _gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("non-positive &lt;b&gt;receive&lt;/b&gt; amount; min send amount: 1.50 EUR", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>receive</b>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Your wallet did not make the payment")]
    [InlineData(500, "Look into your wallet before you pay again.")]
    public async Task A_payment_that_the_wallet_did_not_make_is_told(int answers, string error)
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        _wallet.Trouble = ("/op/outgoing-payments", answers);
        var (status, page, _) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal(422, status);
        Assert.Contains(error, page, StringComparison.Ordinal);
        Assert.Null(await _gateway.ReadAsync(_app));
    }

    [Theory]
    [InlineData("no", WalletMessages.Declined)]
    [InlineData("yes", "Your wallet did not make the payment")]
    public async Task What_became_of_a_payment_is_said_above_the_ways_to_pay_and_the_amount_stays_chosen(string choice, string notice)
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address, "day");
        _wallet.Trouble = ("/op/outgoing-payments", 403);

        var (_, page, _) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, choice));

        Assert.Contains("<option value=\"day\"", Selected().Match(page).Value, StringComparison.Ordinal);
        Assert.Contains($"value=\"{_wallet.Address}\"", page, StringComparison.Ordinal);
        Assert.InRange(page.IndexOf(notice, StringComparison.Ordinal), 1, page.IndexOf("id=\"ways\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Back_from_the_wallet_the_page_says_first_that_it_accepted_the_payment_and_asks_for_no_second_one()
    {
        // Funds that do not open it: what the wallet pays is used up, or late.
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address);
        var (_, _, answer) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Contains("codius-sent=300000.", string.Join(' ', _visitor.Told), StringComparison.Ordinal);
        await _wallet.PaymentsAsync();
        var other = _gateway.NewApp();
        _visitor.Remember(other, "codius-sent", _visitor.CookiesOf(_app)["codius-sent"]!.Value);

        var (status, page, _) = await _visitor.OpenAsync(
            GatewayUnderTest.UrlOf(other) + answer.Headers.Location!.OriginalString.TrimStart('/'));

        Assert.Equal(402, status);
        var notice = page.IndexOf(
            "Your wallet accepted a payment of <data class=\"money\" id=\"sent\" value=\"0.0003\"", StringComparison.Ordinal);
        Assert.InRange(notice, 1, page.IndexOf("id=\"ways\"", StringComparison.Ordinal));
        Assert.DoesNotContain("id=\"recommended\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil.test")]
    [InlineData("null")]
    public async Task A_form_from_elsewhere_is_refused(string origin)
    {
        using var refused = new RefusalCounter("own wallet", "other origin");
        Assert.Equal(403, (await _visitor.SendAsync(_app, _wallet.Address, origin: origin)).Status);
        refused.AssertAtLeast(1);
    }

    [Theory]
    [InlineData("//evil.test/")]
    [InlineData("https://evil.test/")]
    [InlineData("/\\evil.test")]
    public async Task Nobody_is_sent_elsewhere_afterwards(string back)
    {
        var (_, consent) = await _visitor.SendAsync(_app, _wallet.Address, back: back);
        var (_, _, answer) = await _visitor.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
        await _wallet.PaymentsAsync();
    }

    [Fact]
    public async Task The_page_that_asks_for_money_has_the_form_and_offers_what_opening_lacks()
    {
        await _gateway.PayAsync(_app, 100);
        var (status, page, _) = await _visitor.OpenAsync(GatewayUnderTest.UrlOf(_app) + "page?a=b");
        Assert.Equal(402, status);
        Assert.Contains("<form class=\"wallet\" method=\"post\" action=\"/.well-known/codius/pay\">", page, StringComparison.Ordinal);
        Assert.Contains("0.0002999 USD, opens it now", page, StringComparison.Ordinal);
        Assert.Contains("name=\"back\" value=\"/page?a=b\"", page, StringComparison.Ordinal);
    }

    private async Task<string?[]> PayersAsync()
    {
        var page = await _gateway.Services.GetRequiredService<IBooks>().ReadEntriesAsync(
            AccountId.OfApp(_app), null, 10, TestContext.Current.CancellationToken);
        return [.. page.Entries.Select(entry => entry.Payer)];
    }

    [GeneratedRegex("<option[^>]* selected")]
    private static partial Regex Selected();
}
