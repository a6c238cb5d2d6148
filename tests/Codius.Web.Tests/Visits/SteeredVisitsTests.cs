using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps.Steering;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Visits;

/// <summary>Visits of an app for which the host's owner has set something.</summary>
public sealed class SteeredVisitsTests
{
    private const string Html = "text/html";
    private const string Words = "Ask <script>alert(1)</script> & the \"owner\".";

    private static readonly AppSteering Blocked = new(null, null, Words, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blocked_app_answers_403_with_the_owners_words_and_costs_and_wakes_nothing(bool isAwake)
    {
        await using var visits = await VisitFixture.StartAsync();
        if (isAwake) visits.Awake();
        await SetAsync(visits, Blocked);

        using var answer = await visits.GetAsync();

        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json", "no-store"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        var problem = await JsonAsync(answer);
        Assert.Equal("urn:codius:problem:app-blocked", problem.GetProperty("type").GetString());
        Assert.StartsWith(Words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, 0, 0UL), (visits.Reached, visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
        Assert.Equal(1_000 * VisitFixture.Price, (await visits.Gateway.BalanceAsync("hello", VisitFixture.Cancellation)).Available);
    }

    [Fact]
    public async Task A_person_gets_a_plain_page_in_which_the_words_are_text()
    {
        await using var visits = await VisitFixture.StartAsync();
        await SetAsync(visits, Blocked);

        using var answer = await visits.GetAsync(accept: Html);

        Assert.Equal((HttpStatusCode.Forbidden, Html), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var page = await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation);
        Assert.Contains("Ask &lt;script&gt;alert(1)&lt;/script&gt; &amp; the", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_awake_app_that_is_blocked_is_put_to_sleep_and_once_unblocked_the_next_visit_wakes_it()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();
        using (var open = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, open.StatusCode);

        await SetAsync(visits, Blocked);
        await Eventually.TrueAsync("it sleeps", () => visits.Apps.StatusOf("hello") is null);
        visits.Apps.OnWake = _ => visits.Address;
        using (var blocked = await visits.GetAsync()) Assert.Equal(HttpStatusCode.Forbidden, blocked.StatusCode);
        Assert.Equal(0, visits.Apps.WakesOf("hello"));
        await SetAsync(visits, AppSteering.None);

        using var again = await visits.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 1), (again.StatusCode, visits.Apps.WakesOf("hello")));
        Assert.Equal(2 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task Requests_that_wait_for_an_app_that_is_blocked_while_it_wakes_are_told_at_once()
    {
        await using var visits = await VisitFixture.StartAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => visits.GetAsync()).ToArray();
        await Eventually.TrueAsync("all wait", () => visits.Apps.Waiting == 5);

        await SetAsync(visits, Blocked);

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal((0, 0UL), (visits.Reached, await RequestsSpentAsync(visits)));
    }

    [Fact]
    public async Task A_request_to_sleep_puts_the_app_to_sleep_once()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();
        using (var open = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, open.StatusCode);

        await visits.Gateway.Services.GetRequiredService<IAppSteering>().RequestSleepAsync("hello", VisitFixture.Cancellation);
        await Eventually.TrueAsync("it sleeps", () => visits.Apps.StatusOf("hello") is null);
        visits.Apps.OnWake = _ => visits.Address;

        using (var woken = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, woken.StatusCode);
        using (var again = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, visits.Apps.WakesOf("hello"));
    }

    [Fact]
    public async Task A_price_of_the_apps_own_is_charged_from_the_next_request_on_and_shown_in_the_402()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 100_000);
        visits.Awake();
        using (var first = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await SetAsync(visits, new AppSteering(33_000, null, null, 0));
        using (var second = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(43_000UL, await visits.SpentAsync());

        await SetAsync(visits, new AppSteering(60_000, null, null, 0));
        using var refused = await visits.GetAsync();

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        var problem = await JsonAsync(refused);
        Assert.Equal(("60000", "1200001"), (problem.GetProperty("price").GetString(), problem.GetProperty("openAt").GetString()));

        await SetAsync(visits, new AppSteering(0, null, null, 0));
        using (var free = await visits.GetAsync()) Assert.Equal(HttpStatusCode.OK, free.StatusCode);
        Assert.Equal(43_000UL, await visits.SpentAsync());
        using var balance = await visits.GetAsync(".well-known/codius/balance");
        Assert.Equal("0", (await JsonAsync(balance)).GetProperty("price").GetString());
    }

    [Fact]
    public async Task The_page_that_asks_for_money_shows_the_apps_own_price()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 0);
        await SetAsync(visits, new AppSteering(77_000, null, null, 0));

        using var answer = await visits.GetAsync(accept: Html);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation);
        Assert.Contains("0.000077", page, StringComparison.Ordinal);
        Assert.Contains("data-open-at=\"1540001\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_cap_holds_where_the_owner_set_none()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();
        await SetAsync(visits, new AppSteering(null, 2 * VisitFixture.Price, null, 0));

        var answers = new List<HttpStatusCode>();
        for (var visit = 0; visit < 3; visit++)
        {
            using var answer = await visits.GetAsync();
            answers.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(2 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Theory]
    [InlineData(".well-known/codius/pay", Html)]
    [InlineData(".well-known/pay", Html)]
    [InlineData(".well-known/pay", "application/json")]
    [InlineData(".well-known/pay", "application/spsp4+json")]
    public async Task A_blocked_app_takes_no_money(string path, string accept)
    {
        await using var visits = await VisitFixture.StartAsync();
        await SetAsync(visits, Blocked);

        using var answer = await visits.GetAsync(path, accept);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(accept == Html ? "Ask &lt;script&gt;" : "app-blocked",
            await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_follows_a_blocked_app_reads_that_it_is_blocked()
    {
        await using var visits = await VisitFixture.StartAsync();
        await SetAsync(visits, Blocked);

        using var answer = await visits.GetAsync(".well-known/codius/balance");

        var state = await JsonAsync(answer);
        Assert.Equal(("blocked", Words), (state.GetProperty("standing").GetString(), state.GetProperty("reason").GetString()));
        Assert.Equal("10000000", state.GetProperty("balance").GetString());
    }

    private static async Task SetAsync(VisitFixture visits, AppSteering next)
    {
        var steering = visits.Gateway.Services.GetRequiredService<IAppSteering>();
        var now = await steering.ReadAsync("hello", VisitFixture.Cancellation);
        Assert.Equal(SteeringResult.Done, await steering.ChangeAsync("hello", next, now.Version, VisitFixture.Cancellation));
    }

    /// <summary>Without the wake, whose first minute costs at most one unit.</summary>
    private static async Task<ulong> RequestsSpentAsync(VisitFixture visits) => await visits.SpentAsync() / VisitFixture.Price;

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        return json.RootElement.Clone();
    }
}
