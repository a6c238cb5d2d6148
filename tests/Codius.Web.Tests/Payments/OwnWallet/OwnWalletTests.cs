using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Interledger.Net.Streaming.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>
/// A visitor pays from their own wallet: the gateway calls the wallet, the visitor consents there, the wallet pays by STREAM.
/// </summary>
public sealed class OwnWalletTests : OwnWalletStage
{
    private const ulong HourOfUse = 8_000_000;

    [Theory]
    [InlineData("now", Opening)]
    [InlineData("hour", Opening + HourOfUse)]
    public async Task One_yes_at_the_wallet_pays_exactly_the_amount_that_was_chosen(string amount, ulong units)
    {
        var (status, consent) = await Browser.SendAsync(App, Wallet.Address, amount, back: "/page?a=b");
        Assert.Equal(200, status);
        Assert.Contains("Alice's wallet", consent, StringComparison.Ordinal);
        Assert.Contains($"value=\"0.{(units + (units / 100) + 1).ToString("D9").TrimEnd('0')}\"", consent, StringComparison.Ordinal);
        Assert.Equal(0UL, Wallet.Debited);

        var (back, _, answer) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));

        Assert.Equal((303, "/page?a=b"), (back, answer.Headers.Location!.OriginalString));
        var paid = Assert.Single(await Wallet.PaymentsAsync());
        Assert.Equal((PaymentEnding.Completed, units), (paid.Ending, paid.Delivered));
        Assert.Equal(new Balance(units, units, 0, 0), await Gateway.BalanceAsync(App));
        Assert.Equal(units + (units / 100) + 1, Wallet.Debited);
    }

    [Fact]
    public async Task The_statement_names_the_wallet_address_that_paid_also_when_an_own_domain_led_to_it()
    {
        foreach (var address in new[] { Wallet.Address, Wallet.OwnDomain(2) })
        {
            var (_, consent) = await Browser.SendAsync(App, address);
            Assert.Equal(303, (await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        }
        await Wallet.PaymentsAsync();

        Assert.Equal([Wallet.Address, Wallet.Address], await PayersAsync());
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("its own with a fragment")]
    public async Task A_wallet_that_names_itself_by_an_address_of_another_is_no_known_payer(string address)
    {
        Wallet.NamedId = address == "another's" ? Wallet.Origin + "/bob" : Wallet.Address + "#https://wallet.example/bob";
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        Assert.Equal(303, (await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        await Wallet.PaymentsAsync();

        Assert.Equal([null], await PayersAsync());
    }

    [Fact]
    public async Task A_yes_that_comes_sooner_than_the_wallet_wants_to_be_asked_again_pays_after_the_rest_of_its_wait()
    {
        Wallet.Wait = TimeSpan.FromSeconds(5);
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(303, (await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);

        Assert.Equal([TimeSpan.FromSeconds(3)], Clock.Waits);
        Assert.Equal((0, Opening), (Wallet.TooFast, Assert.Single(await Wallet.PaymentsAsync()).Delivered));
    }

    [Fact]
    public async Task Coming_back_twice_pays_once()
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        var cookie = Assert.Single(Browser.CookiesOf(App));
        var url = await Visitor.ChooseAsync(consent, "yes");

        Assert.Equal(303, (await Browser.OpenAsync(url)).Status);
        Assert.DoesNotContain(Browser.CookiesOf(App), kept => kept.Name == cookie.Name);
        using var stubborn = new HttpClient(GatewayUnderTest.Handler(Gateway.Port));
        stubborn.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var again = await stubborn.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(303, (int)again.StatusCode);
        Assert.DoesNotContain(again.Headers.GetValues("Set-Cookie"), told => told.StartsWith("codius-sent", StringComparison.Ordinal));
        Assert.Single(await Wallet.PaymentsAsync());
        Assert.Equal(Opening, (await Gateway.BalanceAsync(App)).Credited);
    }

    [Fact]
    public async Task The_cookie_is_for_this_app_and_for_nobody_to_read()
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        var cookie = Assert.Single(Browser.CookiesOf(App));
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain("continue-", cookie.Value, StringComparison.Ordinal);
        var url = new UriBuilder(await Visitor.ChooseAsync(consent, "yes"));
        var other = Gateway.NewApp();
        url.Host = url.Host.Replace(App, other, StringComparison.Ordinal);

        using var thief = new HttpClient(GatewayUnderTest.Handler(Gateway.Port));
        thief.DefaultRequestHeaders.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var answer = await thief.GetAsync(url.Uri, TestContext.Current.CancellationToken);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal(0UL, Wallet.Debited);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_own_domain_that_redirects_to_the_wallet_pays_from_the_wallet_that_it_leads_to(int redirects)
    {
        var (status, consent) = await Browser.SendAsync(App, Wallet.OwnDomain(redirects));
        Assert.Equal(200, status);
        Assert.Equal(303, (await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        Assert.Equal(Opening, Assert.Single(await Wallet.PaymentsAsync()).Delivered);
    }

    [Fact]
    public async Task Back_from_the_wallet_the_page_says_first_that_it_accepted_the_payment_and_asks_for_no_second_one()
    {
        // Funds that do not open it: what the wallet pays is used up, or late.
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address);
        var (_, _, answer) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Contains("codius-sent=300000.", string.Join(' ', Browser.Told), StringComparison.Ordinal);
        await Wallet.PaymentsAsync();
        var other = Gateway.NewApp();
        Browser.Remember(other, "codius-sent", Browser.CookiesOf(App)["codius-sent"]!.Value);

        var (status, page, _) = await Browser.OpenAsync(
            GatewayUnderTest.UrlOf(other) + answer.Headers.Location!.OriginalString.TrimStart('/'));

        Assert.Equal(402, status);
        var notice = page.IndexOf(
            "Your wallet accepted a payment of <data class=\"money\" id=\"sent\" value=\"0.0003\"", StringComparison.Ordinal);
        Assert.InRange(notice, 1, page.IndexOf("id=\"ways\"", StringComparison.Ordinal));
        Assert.DoesNotContain("id=\"recommended\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.test/")]
    [InlineData("https://evil.test/")]
    [InlineData("/\\evil.test")]
    public async Task Nobody_is_sent_elsewhere_afterwards(string back)
    {
        var (_, consent) = await Browser.SendAsync(App, Wallet.Address, back: back);
        var (_, _, answer) = await Browser.OpenAsync(await Visitor.ChooseAsync(consent, "yes"));
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
        await Wallet.PaymentsAsync();
    }

    [Fact]
    public async Task The_page_that_asks_for_money_has_the_form_and_offers_what_opening_lacks()
    {
        await Gateway.PayAsync(App, 100);
        var (status, page, _) = await Browser.OpenAsync(GatewayUnderTest.UrlOf(App) + "page?a=b");
        Assert.Equal(402, status);
        Assert.Contains("<form class=\"wallet\" method=\"post\" action=\"/.well-known/codius/pay\">", page, StringComparison.Ordinal);
        Assert.Contains("0.0002999 USD, opens it now", page, StringComparison.Ordinal);
        Assert.Contains("name=\"back\" value=\"/page?a=b\"", page, StringComparison.Ordinal);
    }

    private async Task<string?[]> PayersAsync()
    {
        var page = await Gateway.Services.GetRequiredService<IBooks>().ReadEntriesAsync(
            AccountId.OfApp(App), null, 10, TestContext.Current.CancellationToken);
        return [.. page.Entries.Select(entry => entry.Payer)];
    }
}
