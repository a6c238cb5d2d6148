using System.Net;
using System.Text.RegularExpressions;
using Codius.Sandbox.Money;
using Codius.Testing;
using Codius.Testing.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Sandbox;

public sealed partial class SandboxTests
{
    // A deploy token's account can always be paid; an app would have to exist.
    private const string Account = "t-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Payee = "$codius.test/pay/" + Account;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_wallet_pays_an_app_by_its_form_and_both_sets_of_books_agree()
    {
        await using var gateway = await StartAsync();

        using var answer = await PostAsync(gateway, "pay", ("pointer", Payee), ("amount", "0.123456789"), ("per", "once"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var books = gateway.Services.GetRequiredService<StateStore>().Books;
        await Eventually.TrueAsync("the money is on its way no more", () =>
            books.Snapshot().Values.Aggregate(0UL, (sum, units) => sum + units) == 10_000_000_000);
        Assert.Equal(123_456_789UL, (await gateway.BalanceAsync(Account, Cancellation)).Funds);
        Assert.Equal(123_456_789UL, books.BalanceOf(Holder.Gateway));
        Assert.Equal(10_000_000_000 - 123_456_789UL, books.BalanceOf(Holder.Visitor));
    }

    [Fact]
    public async Task Where_the_wire_counts_in_cents_the_wallet_does_too()
    {
        await using var gateway = await StartAsync(settings: "Payments:AssetScale=2");

        using var tooFine = await PostAsync(gateway, "pay", ("pointer", Payee), ("amount", "0.001"));
        using var answer = await PostAsync(gateway, "pay", ("pointer", Payee), ("amount", "0.25"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.SeeOther), (tooFine.StatusCode, answer.StatusCode));
        var books = gateway.Services.GetRequiredService<StateStore>().Books;
        await Eventually.TrueAsync("the money is booked", () => books.BalanceOf(Holder.Gateway) == 25);
        Assert.Equal((975UL, 250_000_000UL), (books.BalanceOf(Holder.Visitor), (await gateway.BalanceAsync(Account, Cancellation)).Funds));
    }

    [Theory]
    [InlineData("http://hello.codius.test")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Only_the_wallets_own_page_spends_from_it(string? origin)
    {
        await using var gateway = await StartAsync();

        using var answer = await PostAsync(gateway, "pay", origin, ("pointer", Payee), ("amount", "1"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(gateway.Services.GetRequiredService<StateStore>().History.All);
    }

    [Theory]
    [InlineData("hello", "1", "That is not a payment pointer")]
    [InlineData(Payee, "0", "Write an amount above 0")]
    [InlineData(Payee, "-1", "Write an amount above 0")]
    [InlineData(Payee, "0.0000000001", "Write an amount above 0")]
    [InlineData(Payee, "10.000000001", "The wallet holds 10 USD")]
    public async Task What_cannot_be_paid_is_said_beside_its_field_and_changes_nothing(string payee, string amount, string fault)
    {
        await using var gateway = await StartAsync();

        using var answer = await PostAsync(gateway, "pay", ("pointer", payee), ("amount", amount));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(fault, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(gateway.Services.GetRequiredService<StateStore>().History.All);
    }

    [Fact]
    public async Task A_payment_to_an_app_that_is_not_there_ends_with_the_reason_and_the_money_stays()
    {
        await using var gateway = await StartAsync();

        using var answer = await PostAsync(gateway, "pay", ("pointer", "$nobody.codius.test"), ("amount", "1"));
        var payment = Assert.Single(gateway.Services.GetRequiredService<StateStore>().History.All);

        Assert.Equal(Codius.Sandbox.Paying.PaymentState.Failed, payment.State);
        Assert.NotEmpty(payment.Trouble);
        Assert.Equal(10_000_000_000UL, gateway.Services.GetRequiredService<StateStore>().Books.BalanceOf(Holder.Visitor));
    }

    [Fact]
    public async Task A_rate_goes_on_until_it_is_stopped_and_its_sum_is_what_arrived()
    {
        await using var gateway = await StartAsync();

        using (await PostAsync(gateway, "pay", ("pointer", Payee), ("amount", "0.01"), ("per", "second")))
        {
            var store = gateway.Services.GetRequiredService<StateStore>();
            var id = store.History.All[0].Id;
            await Eventually.TrueAsync("money arrives", () => store.History.Find(id)!.Sent > 0);
            using var stopped = await PostAsync(gateway, "stop", ("id", id));

            var payment = store.History.Find(id)!;
            Assert.Equal(Codius.Sandbox.Paying.PaymentState.Done, payment.State);
            Assert.Equal(payment.Sent, (await gateway.BalanceAsync(Account, Cancellation)).Funds);
        }
    }

    [Fact]
    public async Task Balance_and_history_are_still_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await StartAsync(folder.Path))
        {
            using var answer = await PostAsync(first, "pay", ("pointer", Payee), ("amount", "2"));
        }

        await using var second = await StartAsync(folder.Path);
        var store = second.Services.GetRequiredService<StateStore>();
        Assert.Equal(8_000_000_000UL, store.Books.BalanceOf(Holder.Visitor));
        Assert.Equal(2_000_000_000UL, Assert.Single(store.History.All).Sent);
    }

    [Fact]
    public async Task The_connector_takes_packets_from_the_wallet_only()
    {
        await using var gateway = await StartAsync();
        using var client = gateway.Client();

        using var content = new ByteArrayContent([12, 0]);
        using var answer = await client.PostAsync("http://connector.codius.test/ilp", content, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_wallet_works_by_forms_alone()
    {
        await using var gateway = await StartAsync();
        using var client = gateway.Client();

        using var answer = await client.NavigateAsync("http://wallet.codius.test/?pay=%24hello.codius.test&amount=0.02", Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Matches("<form method=\"post\" action=\"/pay\"", html);
        Assert.Equal("$hello.codius.test", WebUtility.HtmlDecode(PayeeField().Match(html).Groups[1].Value));
        Assert.Contains("value=\"0.02\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_Development_it_stays_off_even_if_asked_for_and_says_so()
    {
        using var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = "Production", Args = ["--Sandbox:Enabled=true"] });
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddSandbox();

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(StateStore));
        await using var services = builder.Services.BuildServiceProvider();
        foreach (var hosted in services.GetServices<IHostedService>()
            .Where(hosted => hosted.GetType().DeclaringType == typeof(SandboxWiring)))
            await hosted.StartAsync(Cancellation);
        Assert.Contains(log.Lines, line => line.StartsWith("Warning: Sandbox:Enabled is set", StringComparison.Ordinal));
    }

    // The wallet calls the gateway by its port, so the port must be known in advance.
    private static Task<GatewayUnderTest> StartAsync(string? folder = null, params string[] settings) =>
        GatewayUnderTest.StartAsync([$"Gateway:Port={FreePort.Find()}", .. settings], folder: folder);

    private static Task<HttpResponseMessage> PostAsync(GatewayUnderTest gateway, string path,
        params (string Name, string Value)[] fields) =>
        PostAsync(gateway, path, "http://wallet.codius.test", fields);

    private static Task<HttpResponseMessage> PostAsync(GatewayUnderTest gateway, string path, string? origin,
        params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://wallet.codius.test/" + path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return gateway.Client().SendAsync(request, Cancellation);
    }

    [GeneratedRegex("name=\"pointer\" value=\"([^\"]*)\"")]
    private static partial Regex PayeeField();
}
