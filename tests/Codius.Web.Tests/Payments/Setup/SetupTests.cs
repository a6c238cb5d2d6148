using System.Net;
using System.Text.Json;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.Setup;

/// <summary>The responses of each payment pointer, in Direct mode.</summary>
public sealed class SetupTests(PayableOnGarnet fixture) : IClassFixture<PayableOnGarnet>
{
    private static readonly string Nonce = Convert.ToBase64String(new byte[16]);
    private static readonly string Secret = Convert.ToBase64String(new byte[32]);

    private PayableGateway Gateway => fixture.Gateway;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/spsp4+json")]
    [InlineData("application/spsp4+json, application/spsp+json")]
    [InlineData("application/json, application/spsp4+json")]
    [InlineData("application/json;q=0.9,APPLICATION/SPSP4+JSON;q=0.1")]
    public async Task Whoever_names_SPSP_anywhere_gets_it(string accept)
    {
        using var response = await Gateway.GetAsync(Gateway.UrlOf(Gateway.NewApp()) + ".well-known/pay", accept);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/spsp4+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Contains("Accept", response.Headers.Vary);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));
        Assert.StartsWith("test.codius.", json.RootElement.GetProperty("destination_account").GetString(), StringComparison.Ordinal);
        Assert.Equal(32, json.RootElement.GetProperty("shared_secret").GetBytesFromBase64().Length);
        Assert.False(json.RootElement.GetProperty("receipts_enabled").GetBoolean());
    }

    [Fact]
    public async Task The_address_names_the_account_and_an_end()
    {
        var app = Gateway.NewApp();

        var answer = await Gateway.SetUpAsync(app);

        Assert.True(Gateway.Services.GetRequiredService<StreamReceiver>().TryReadClaims(answer.DestinationAccount, out var claims, out _));
        Assert.Equal(app, claims.AccountId);
        Assert.InRange(claims.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.DoesNotContain(app, answer.DestinationAccount.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_account_can_be_paid_under_the_hosts_own_name()
    {
        var account = AccountId.OfDeployToken("a deploy token nobody has used yet").ToString();

        foreach (var id in new[] { account, Gateway.NewApp() })
        {
            using var response = await Gateway.GetAsync($"{Gateway.Host}/pay/{id}");
            Assert.True(SpspResponse.TryParse(await response.Content.ReadAsByteArrayAsync(Stop), out var answer, out _));
            Assert.True(Gateway.Services.GetRequiredService<StreamReceiver>()
                .TryReadClaims(answer.DestinationAccount, out var claims, out _));
            Assert.Equal(id, claims.AccountId);
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")]
    public async Task A_person_who_opens_a_payment_pointer_is_led_to_the_page_that_pays(string accept)
    {
        var (app, token) = (Gateway.NewApp(), AccountId.OfDeployToken("a person's deploy token").ToString());
        var page = Gateway.UrlOf(app) + ".well-known/codius/pay";
        foreach (var (pointer, to) in new[]
        {
            (Gateway.UrlOf(app) + ".well-known/pay", page),
            ($"{Gateway.Host}/pay/{app}", page),
            ($"{Gateway.Host}/pay/{token}", $"{Gateway.Host}/?account={token}"),
            ($"{Gateway.Host}/.well-known/pay", Gateway.Host + "/"),
        })
        {
            using var led = await Gateway.GetAsync(pointer, accept);
            Assert.Equal((HttpStatusCode.SeeOther, to), (led.StatusCode, led.Headers.Location?.OriginalString));
            Assert.Contains("Accept", led.Headers.Vary);
            using var there = await Gateway.GetAsync(to, accept);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (there.StatusCode, there.Content.Headers.ContentType?.MediaType));
        }
        using var nobody = await Gateway.GetAsync($"{Gateway.Host}/pay/nobody", accept);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (nobody.StatusCode, nobody.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/json, text/html;q=0.5")]
    [InlineData("text/html;q=0, */*")]
    [InlineData("text/plain")]
    public async Task A_program_gets_the_wallet_address_as_before(string accept)
    {
        using var answer = await Gateway.GetAsync(Gateway.UrlOf(Gateway.NewApp()) + ".well-known/pay", accept);

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("http://nobody.codius.test/.well-known/pay")]
    [InlineData("http://codius.test/pay/nobody")]
    [InlineData("http://codius.test/pay/NOBODY")]
    [InlineData("http://codius.test/pay/t-short")]
    [InlineData("http://codius.test/pay/-verified")]
    [InlineData("http://codius.test/pay/t-11111111111111111111111111111111111111111111111111111")]
    [InlineData("http://codius.test/.well-known/pay")]
    public async Task Who_is_not_here_cannot_be_paid(string url)
    {
        using var response = await Gateway.GetAsync(url);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal("InvalidReceiverError", json.RootElement.GetProperty("id").GetString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("http://codius.test/pay/hello")]
    [InlineData("http://codius.test/.well-known/pay")]
    [InlineData("http://hello.codius.test/.well-known/pay")]
    public async Task A_preflight_is_answered_for_pages_of_2020(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, url);
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "web-monetization-id");
        using var response = await Gateway.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("web-monetization-id", response.Headers.GetValues("Access-Control-Allow-Headers").Single(),
            StringComparison.Ordinal);
        Assert.Contains("GET", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipts_are_on_if_the_payer_brings_nonce_and_secret()
    {
        var answer = await Gateway.SetUpAsync(Gateway.NewApp(), ("Receipt-Nonce", Nonce), ("Receipt-Secret", Secret));

        Assert.True(answer.ReceiptsEnabled);
    }

    [Fact]
    public async Task Half_a_set_of_receipt_headers_is_refused()
    {
        var nonce = await RefusedAsync(("Receipt-Nonce", Nonce));
        var secret = await RefusedAsync(("Receipt-Secret", Secret));

        Assert.Equal("Receipt-Nonce and Receipt-Secret belong together: send both, or neither.", nonce);
        Assert.Equal(nonce, secret);
    }

    [Theory]
    [InlineData("", "AAAA", "Receipt-Nonce must be 16 bytes in base64.")]
    [InlineData("AAAA", "AAAA", "Receipt-Nonce must be 16 bytes in base64.")]
    [InlineData("not base64!", "AAAA", "Receipt-Nonce must be 16 bytes in base64.")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==", "AAAA", "Receipt-Secret must be 32 bytes in base64.")]
    public async Task Receipt_headers_that_cannot_be_read_are_refused(string nonce, string secret, string fault) =>
        Assert.Equal(fault, await RefusedAsync(("Receipt-Nonce", nonce), ("Receipt-Secret", secret)));

    [Fact]
    public async Task A_post_to_a_payment_pointer_is_not_allowed()
    {
        using var response = await Gateway.Http.PostAsync(Gateway.UrlOf(Gateway.NewApp()) + ".well-known/pay", null, Stop);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Asking_writes_nothing_to_the_store()
    {
        var app = Gateway.NewApp();

        await Gateway.SetUpAsync(app);

        Assert.Null(await Gateway.ReadAsync(app));
    }

    [Fact]
    public void Secrets_do_not_print()
    {
        Assert.Equal("***", Gateway.Services.GetRequiredService<HostSecrets>().Current.ToString());
        Assert.Equal("***", Gateway.Services.GetRequiredService<Codius.Web.Payments.Streaming.ConnectorTokens>().ToString());
    }

    private async Task<string?> RefusedAsync(params (string Name, string Value)[] headers)
    {
        using var response = await Gateway.GetAsync(Gateway.UrlOf(Gateway.NewApp()) + ".well-known/pay", headers: headers);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop));
        return json.RootElement.GetProperty("detail").GetString();
    }
}
