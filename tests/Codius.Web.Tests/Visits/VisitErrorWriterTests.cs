using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Visits;

/// <summary>What a visitor gets instead of the app's answer.</summary>
public sealed class VisitErrorWriterTests
{
    private const string Html = "text/html,application/xhtml+xml";

    [Fact]
    public async Task A_program_without_funds_is_told_in_402_whom_and_how_much_to_pay()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["Prices:OpenAt=0.0003"], funds: 5);

        var answer = await visits.GetAsync();
        var problem = await ProblemAsync(answer, HttpStatusCode.PaymentRequired);

        Assert.Equal("$hello.codius.test", problem.GetProperty("paymentPointer").GetString());
        Assert.Equal("http://hello.codius.test/.well-known/pay", problem.GetProperty("walletAddress").GetString());
        Assert.Equal("10000", problem.GetProperty("price").GetString());
        Assert.Equal("300000", problem.GetProperty("openAt").GetString());
        Assert.Equal("5", problem.GetProperty("balance").GetString());
        Assert.Equal("USD", problem.GetProperty("assetCode").GetString());
        Assert.Equal((9, 9), (problem.GetProperty("assetScale").GetInt32(), problem.GetProperty("balanceScale").GetInt32()));
        Assert.Equal("<http://hello.codius.test/.well-known/pay>; rel=\"payment\"", Assert.Single(answer.Headers.GetValues("Link")));
    }

    [Theory]
    [InlineData("*/*", "application/problem+json")]
    [InlineData(Html, "text/html")]
    public async Task A_page_of_another_origin_can_read_the_402_in_either_form(string accept, string type)
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        var request = VisitFixture.Request(HttpMethod.Get);
        request.Headers.Add("Accept", accept);
        request.Headers.Add("Origin", "https://shop.example");

        var answer = await visits.SendAsync(request);

        Assert.Equal((HttpStatusCode.PaymentRequired, type, "no-store"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
        Assert.Equal("<http://hello.codius.test/.well-known/pay>; rel=\"payment\"", Assert.Single(answer.Headers.GetValues("Link")));
        Assert.Equal("https://shop.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Link", Assert.Single(answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        Assert.Equal("Origin", Assert.Single(answer.Headers.GetValues("Vary")));
    }

    [Theory]
    [InlineData("https://b\u00FCcher.example")]
    [InlineData("https://shop.example/path")]
    [InlineData("anything")]
    public async Task An_origin_that_is_none_is_not_echoed(string origin)
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        using var handler = GatewayUnderTest.Handler(visits.Gateway.Port);
        handler.RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.UrlOf("hello"));
        request.Headers.TryAddWithoutValidation("Origin", origin);

        using var answer = await client.SendAsync(request, VisitFixture.Cancellation);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("hello", HttpStatusCode.PaymentRequired)]
    [InlineData("nobody", HttpStatusCode.NotFound)]
    public async Task A_person_gets_a_page(string app, HttpStatusCode status)
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.UrlOf(app));
        request.Headers.Add("Accept", Html);

        var answer = await visits.SendAsync(request);

        Assert.Equal((status, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_script_that_would_take_html_is_still_a_program()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        var request = VisitFixture.Request(HttpMethod.Get);
        request.Headers.Add("Accept", Html);
        request.Headers.Add("Sec-Fetch-Mode", "cors");

        await ProblemAsync(await visits.SendAsync(request), HttpStatusCode.PaymentRequired);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_404_and_says_what_to_do()
    {
        await using var visits = await VisitFixture.StartAsync();

        var answer = await visits.SendAsync(new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.UrlOf("nobody")));

        Assert.Contains("deploy", (await ProblemAsync(answer, HttpStatusCode.NotFound)).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ReserveOutcome.Recalled), "urn:codius:problem:funds-on-their-way", 1)]
    [InlineData(nameof(ReserveOutcome.Unavailable), "urn:codius:problem:ledger-unavailable", 5)]
    public async Task Trouble_with_money_is_503_and_never_402(string outcome, string type, int retryAfter)
    {
        await using var visits = await VisitFixture.StartAsync(services: services =>
            services.AddSingleton<IReservations>(new NoMoney(Enum.Parse<ReserveOutcome>(outcome))));
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.Equal(type, (await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable)).GetProperty("type").GetString());
        Assert.Equal(retryAfter, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal(0, visits.Reached);
    }

    [Theory]
    [InlineData("favicon.ico", null, HttpStatusCode.NotFound)]
    [InlineData("robots.txt", null, HttpStatusCode.ServiceUnavailable)]
    [InlineData("", "prefetch", HttpStatusCode.ServiceUnavailable)]
    [InlineData("", "prefetch;prerender", HttpStatusCode.ServiceUnavailable)]
    public async Task What_nobody_asked_for_lets_an_app_sleep_and_uses_it_when_it_is_awake(
        string path, string? purpose, HttpStatusCode asleep)
    {
        await using var visits = await VisitFixture.StartAsync();

        Assert.Equal(asleep, (await GetAsync()).StatusCode);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));

        visits.Awake();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync()).StatusCode);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());

        Task<HttpResponseMessage> GetAsync()
        {
            var request = VisitFixture.Request(HttpMethod.Get, path);
            if (purpose is not null) request.Headers.Add("Sec-Purpose", purpose);
            return visits.SendAsync(request);
        }
    }

    [Fact]
    public async Task The_client_that_sends_too_fast_gets_429_uncharged_and_waking_nothing()
    {
        await using var visits =
            await VisitFixture.StartAsync(
                settings: ["Visits:PerClient:Burst=2", "Visits:PerClient:PerSecond=1", "Visits:PerClient:MaxWait=0"], funds: 0);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.PaymentRequired, (await visits.GetAsync()).StatusCode);
        await visits.Gateway.PayAsync("hello", VisitFixture.Price, VisitFixture.Cancellation);

        var answer = await visits.GetAsync();

        Assert.Equal("urn:codius:problem:too-many-requests", (await ProblemAsync(answer, HttpStatusCode.TooManyRequests))
            .GetProperty("type").GetString());
        Assert.Equal(1, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task Beyond_the_owners_cap_per_hour_visits_get_429_and_voided_ones_do_not_count()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Host("hello", maxSpendPerHour: 2 * VisitFixture.Price);
        visits.Apps.OnWake = _ => new AppState.Failed("It has no legs.");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visits.GetAsync()).StatusCode);
        visits.Awake();
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await visits.GetAsync()).StatusCode);

        var answer = await visits.GetAsync();

        Assert.Equal("urn:codius:problem:owners-cap", (await ProblemAsync(answer, HttpStatusCode.TooManyRequests))
            .GetProperty("type").GetString());
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(61));
        Assert.Equal(2 * VisitFixture.Price, await visits.SpentAsync());
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation)).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    /// <summary>A fake without funds.</summary>
    private sealed class NoMoney(ReserveOutcome outcome) : IReservations
    {
        public ValueTask<Reservation> ReserveAsync(
            AccountId account, ulong price, CancellationToken cancellation, ulong? capPerHour = null) =>
            new(new Nothing(outcome));

        private sealed class Nothing(ReserveOutcome outcome) : Reservation
        {
            public override ReserveOutcome Outcome => outcome;

            public override ulong Funds => 0;

            public override void Commit() => throw new InvalidOperationException("Nothing was reserved");

            public override void Void() => throw new InvalidOperationException("Nothing was reserved");
        }
    }
}
