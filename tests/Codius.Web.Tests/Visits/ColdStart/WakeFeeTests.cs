using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Visits.ColdStart;

/// <summary>What a wake costs, to the unit, and that the answers say so.</summary>
public sealed class WakeFeeTests
{
    private const string Html = "text/html";
    private const ulong Minute = 1_000_000;
    private const string MinuteText = "0.001 USD";
    private static readonly string[] Settings = ["Prices:PerRunningHour=0.06"];

    [Theory]
    [InlineData(nameof(FailureCause.App), Minute,
        $"The app's owner has to mend it. The start cost the app's balance a minute awake, {MinuteText}")]
    [InlineData(nameof(FailureCause.Image), 0UL, "The app's owner has to mend it: the image is at fault")]
    [InlineData(nameof(FailureCause.Host), 0UL, "This is the host's to mend, not the app's owner's")]
    public async Task A_failed_start_costs_a_minute_if_the_app_failed_and_says_so(string cause, ulong spent, string says)
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        var failed = new AppState.Failed("It has no legs") { Cause = Enum.Parse<FailureCause>(cause) };

        var visit = visits.GetAsync();
        await Eventually.TrueAsync("it waits", () => visits.Apps.Waiting == 1);
        visits.Apps.Set("hello", failed);
        var detail = await DetailAsync(await visit);

        Assert.StartsWith($"It has no legs. {says}", detail, StringComparison.Ordinal);
        Assert.EndsWith("This request was not charged; send it again after 10 seconds.", detail, StringComparison.Ordinal);
        Assert.Equal(spent == 0, detail.Contains("What was paid for the start is given back.", StringComparison.Ordinal));
        await Eventually.TrueAsync("it is given back or earned", async () => await visits.SpentAsync() == spent ? true : (bool?)null);
    }

    [Theory]
    [InlineData(nameof(FailureCause.App), MinuteText)]
    [InlineData(nameof(FailureCause.Host), "given back")]
    public async Task The_page_and_the_states_that_it_follows_say_so_too(string cause, string says)
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        visits.Apps.OnWake = _ => new AppState.Failed("It has no legs.") { Cause = Enum.Parse<FailureCause>(cause) };

        var page = WebUtility.HtmlDecode(await TextAsync(await visits.GetAsync(accept: Html)));
        using var state = JsonDocument.Parse(await TextAsync(await visits.GetAsync(".well-known/codius/balance")));

        Assert.Contains(says, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was charged", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(says, state.RootElement.GetProperty("cost").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName(cause), state.RootElement.GetProperty("cause").GetString());
    }

    [Fact]
    public async Task The_page_of_a_waking_app_says_what_the_wake_costs()
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);

        Assert.Contains(
            $"The start costs its balance a minute awake, {MinuteText}, or more if it takes longer, whether you wait or leave.",
            WebUtility.HtmlDecode(await TextAsync(await visits.GetAsync(accept: Html))), StringComparison.Ordinal);
        Assert.Equal(Minute, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_host_without_room_costs_nothing_however_often_it_is_visited()
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings, funds: VisitFixture.Price + Minute);
        visits.Apps.OnWake = _ => new AppState.Failed("There is no room.") { Cause = FailureCause.Host };

        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visits.GetAsync()).StatusCode);
        await Eventually.TrueAsync("it is given back", async () => await visits.SpentAsync() == 0 ? true : (bool?)null);
        visits.Apps.OnWake = _ => visits.Address;

        Assert.Equal(HttpStatusCode.OK, (await visits.GetAsync()).StatusCode);
        Assert.Equal(VisitFixture.Price + Minute, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_start_that_is_refused_after_it_was_paid_is_given_back_at_once()
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        // The app sleeps under this name; under another name its version failed three times.
        visits.Apps.OnWake = app => new AppState.Failed("It has no legs.") { Refused = true };

        for (var i = 0; i < 2; i++)
        {
            var detail = await DetailAsync(await visits.GetAsync());
            Assert.Contains("It was not started, which cost nothing.", detail, StringComparison.Ordinal);
            Assert.Equal(0UL, await visits.SpentAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_app_that_is_deleted_while_a_visit_waits_for_its_price_is_not_woken_and_costs_nothing(bool isPreflight)
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        visits.Apps.OnStateRead = app =>
        {
            visits.Apps.OnStateRead = null;
            visits.Apps.Delete(app.Name);
        };

        using var answer = await (isPreflight ? visits.SendAsync(PreflightTests.Preflight()) : visits.GetAsync());

        Assert.Equal(isPreflight ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(0, visits.Apps.WakesOf("hello"));
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_app_that_is_deployed_anew_while_a_visit_waits_for_its_price_is_woken_in_its_new_version()
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        visits.Apps.OnStateRead = app =>
        {
            visits.Apps.OnStateRead = null;
            visits.Apps.Host(app.Name, hash: 'b');
        };
        var woken = ' ';
        visits.Apps.OnWake = app =>
        {
            woken = app.Hash[0];
            return visits.Address;
        };

        using var answer = await visits.GetAsync();

        Assert.Equal((HttpStatusCode.OK, 'b'), (answer.StatusCode, woken));
        Assert.Equal(VisitFixture.Price + Minute, await visits.SpentAsync());
    }

    [Fact]
    public async Task Before_the_next_try_nothing_is_billed_and_the_runner_is_not_asked_as_its_time_may_come_unpaid()
    {
        await using var visits = await VisitFixture.StartAsync(settings: Settings);
        visits.Apps.OnWake = _ => visits.Address;
        visits.Apps.Set("hello", new AppState.Failed("It has no legs.", TimeProvider.System.GetUtcNow().AddMinutes(30)));

        var detail = await DetailAsync(await visits.GetAsync());

        Assert.Contains("It was not started, which cost nothing.", detail, StringComparison.Ordinal);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var problem = JsonDocument.Parse(await TextAsync(answer));
        Assert.Equal("urn:codius:problem:app-failed", problem.RootElement.GetProperty("type").GetString());
        return problem.RootElement.GetProperty("detail").GetString()!;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(VisitFixture.Cancellation);
}
