using System.Net;
using System.Text.RegularExpressions;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using OpenPayments.Net.Paying;

namespace Codius.Web.Tests.Sandbox;

/// <summary>The visitor's wallet of the sandbox, as a client with an owner's consent pays from it.</summary>
public sealed class VisitorWalletTests : IAsyncLifetime
{
    private const ulong Units = 123_456_789;
    private const ulong Begun = 10_000_000_000;

    private SandboxUnderTest _sandbox = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_client_pays_an_app_from_it_with_one_consent_and_exactly_what_was_quoted()
    {
        var asked = await AskAsync();
        Assert.Equal((Units, Units), (asked.Quote.DebitAmount, asked.Quote.ReceiveAmount));
        var reference = await _sandbox.AcceptAsync(asked);

        var token = (await _sandbox.Client.FetchGrantAsync(asked.Pending, reference, Stop)).GetValueOrThrow();
        Assert.True((await PayAsync(asked, token)).IsGood);

        var payment = await _sandbox.PaidAsync();
        Assert.Equal((PaymentState.Done, Units, _sandbox.App), (payment.State, payment.Sent, payment.Pointer));
        Assert.Equal(Units, (await _sandbox.BalanceAsync()).Credited);
        Assert.Equal(Begun - Units, _sandbox.Store.Books.BalanceOf(Holder.Visitor));
    }

    [Fact]
    public async Task The_gateways_own_page_pays_from_it()
    {
        var app = _sandbox.App.Replace("/.well-known/pay", "", StringComparison.Ordinal);
        using var form = new HttpRequestMessage(HttpMethod.Post, app + "/.well-known/codius/pay");
        form.Headers.Add("Origin", app);
        form.Headers.Accept.ParseAdd("text/html");
        form.Content = new FormUrlEncodedContent(
            [new("wallet", _sandbox.VisitorWallet.AbsoluteUri), new("amount", "now"), new("back", "/")]);
        using var prepared = await _sandbox.Browser.SendAsync(form, Stop);
        var page = WebUtility.HtmlDecode(await prepared.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.OK, prepared.StatusCode);
        var consent = Regex.Match(page, "id=\"go\" href=\"([^\"]+)\"").Groups[1].Value;

        using var shown = await _sandbox.Browser.GetAsync(consent, Stop);
        Assert.Contains("hello", await shown.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var decision = new HttpRequestMessage(HttpMethod.Post, consent);
        decision.Content = new FormUrlEncodedContent([new("choice", "accept")]);
        decision.Headers.Add("Origin", _sandbox.Wallet);
        using var decided = await _sandbox.Browser.SendAsync(decision, Stop);
        using var back = new HttpRequestMessage(HttpMethod.Get, decided.Headers.Location);
        back.Headers.Add("Cookie", string.Join("; ", prepared.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        using var paid = await _sandbox.Browser.SendAsync(back, Stop);

        Assert.Equal((HttpStatusCode.SeeOther, "/"), (paid.StatusCode, paid.Headers.Location!.OriginalString));
        var payment = await _sandbox.PaidAsync();
        Assert.Equal((PaymentState.Done, payment.Sent), (payment.State, (await _sandbox.BalanceAsync()).Credited));
        Assert.True(payment.Sent > 0);
    }

    [Fact]
    public async Task Its_page_says_who_asks_who_is_paid_and_how_much_and_leads_back_to_the_client_alone()
    {
        var asked = await AskAsync();

        using var shown = await _sandbox.Browser.GetAsync(asked.Pending.Redirect, Stop);
        var page = WebUtility.HtmlDecode(await shown.Content.ReadAsStringAsync(Stop));

        Assert.Contains("Pay 0.123456789 USD?", page, StringComparison.Ordinal);
        Assert.Contains($"id=\"payee\">{_sandbox.App}<", page, StringComparison.Ordinal);
        Assert.Contains("id=\"client\">hello", page, StringComparison.Ordinal);
        var policy = shown.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains($"form-action 'self' {new Uri(_sandbox.App).GetLeftPart(UriPartial.Authority)};", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_pays_nothing_and_is_final()
    {
        var asked = await AskAsync();

        using var refused = await _sandbox.DecideAsync(asked, "refuse");
        using var changed = await _sandbox.DecideAsync(asked, "accept");

        Assert.EndsWith("/back?page=1&result=grant_rejected", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
        foreach (var reference in new[] { "", "guessed" })
            Assert.Equal(WalletFault.Refused, (await _sandbox.Client.FetchGrantAsync(asked.Pending, reference, Stop)).Fault);
        Assert.Equal(Begun, _sandbox.Store.Books.BalanceOf(Holder.Visitor));
    }

    [Theory]
    [InlineData("http://hello.localhost")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Only_a_form_of_the_wallets_own_page_consents(string? origin)
    {
        var asked = await AskAsync();

        using var decided = await _sandbox.DecideAsync(asked, "accept", origin);

        Assert.Equal(HttpStatusCode.Forbidden, decided.StatusCode);
        using var later = await _sandbox.DecideAsync(asked, "refuse");
        Assert.Equal(HttpStatusCode.SeeOther, later.StatusCode);
    }

    [Fact]
    public async Task A_grant_is_fetched_once_and_a_quote_pays_once_and_no_more_than_was_consented_to()
    {
        var asked = await AskAsync();
        var reference = await _sandbox.AcceptAsync(asked);
        var token = (await _sandbox.Client.FetchGrantAsync(asked.Pending, reference, Stop)).GetValueOrThrow();

        Assert.Equal(WalletFault.Refused, (await _sandbox.Client.FetchGrantAsync(asked.Pending, reference, Stop)).Fault);
        Assert.True((await PayAsync(asked, token)).IsGood);
        Assert.Equal(WalletFault.Refused, (await PayAsync(asked, token)).Fault);
        var another = await AskAsync(); // quoted, not consented to
        Assert.Equal(WalletFault.Refused, (await PayAsync(another, token)).Fault);

        await _sandbox.PaidAsync();
        Assert.Equal(Units, (await _sandbox.BalanceAsync()).Credited);
        Assert.Single(_sandbox.Store.History.All);
    }

    [Fact]
    public async Task A_grant_that_its_owner_has_not_decided_on_is_not_given()
    {
        var asked = await AskAsync();

        Assert.Equal(WalletFault.Refused, (await _sandbox.Client.FetchGrantAsync(asked.Pending, "", Stop)).Fault);
    }

    [Fact]
    public async Task A_payment_that_is_complete_gets_no_quote()
    {
        var payment = await _sandbox.CreatePaymentAsync(new Uri(_sandbox.App), Units);
        var asked = await _sandbox.AskAsync(payment);
        var token = await _sandbox.Client.FetchGrantAsync(asked.Pending, await _sandbox.AcceptAsync(asked), Stop);
        await PayAsync(asked, token.GetValueOrThrow());
        await _sandbox.PaidAsync();

        var quote = await _sandbox.Client.QuoteAsync(asked.Wallet, payment, Stop);

        Assert.Equal(WalletFault.Refused, quote.Fault);
        Assert.Contains("invalid receiver", quote.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_of_another_machine_is_not_called()
    {
        var wallet = await _sandbox.LookUpAsync(_sandbox.VisitorWallet);

        var quote = await _sandbox.Client.QuoteAsync(wallet, "https://wallet.example/incoming-payments/" + Guid.NewGuid(), Stop);

        Assert.Equal(WalletFault.Refused, quote.Fault);
    }

    private async Task<AskedConsent> AskAsync() =>
        await _sandbox.AskAsync(await _sandbox.CreatePaymentAsync(new Uri(_sandbox.App), Units));

    private Task<WalletAnswer<string>> PayAsync(AskedConsent asked, string token) =>
        _sandbox.Client.PayAsync(asked.Wallet.ResourceServer, asked.Wallet.Id, asked.Quote.Id, token, Stop);
}
