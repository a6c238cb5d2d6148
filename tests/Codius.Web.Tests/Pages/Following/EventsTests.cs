using System.Net;
using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Pages;
using Codius.Web.Apps;
using Codius.Web.Hosting;
using Codius.Web.Pages.Following;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Pages.Following;

public sealed class EventsTests
{
    private const string Events = "/.well-known/codius/events";

    private static readonly string Token = "t-" + new string('a', 52);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_state_comes_at_once_and_again_on_each_change_of_balance_or_app()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 7);
        await using var events = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);

        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType!.MediaType);
        Assert.True(events.Response.Headers.CacheControl!.NoStore);
        var first = await events.EventAsync(Cancellation);
        Assert.Equal("hello", first.GetProperty("account").GetString());
        Assert.Equal("7", first.GetProperty("balance").GetString());
        Assert.Equal("asleep", first.GetProperty("state").GetString());
        Assert.Equal("200000", first.GetProperty("openAt").GetString());
        Assert.Equal((9, 9), (first.GetProperty("assetScale").GetInt32(), first.GetProperty("balanceScale").GetInt32()));

        Assert.False(first.TryGetProperty("lasts", out _));
        stage.Balances.Set("hello", 200_000);
        var open = await events.EventAsync(Cancellation);
        Assert.Equal(("200000", "about a minute"), (open.GetProperty("balance").GetString(), open.GetProperty("lasts").GetString()));
        stage.Apps.Set("hello", new AppState.WakingState("It does not listen yet."));
        Assert.Equal("It does not listen yet.", (await events.EventAsync(Cancellation)).GetProperty("reason").GetString());
        stage.Apps.Set("hello", new AppState.Failed("no such file"));
        var failed = await events.EventAsync(Cancellation);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Equal("no such file", failed.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_is_still_there_and_repeats_nothing()
    {
        var time = new FakeTimeProvider();
        await using var stage = await PageStage.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var client = stage.Client();
        await using var events = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await events.EventAsync(Cancellation);

        time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("event: alive", await events.LineAsync(Cancellation));
        // Without data a browser would not tell the page of it.
        Assert.Equal("data: {}", await events.LineAsync(Cancellation));
    }

    [Fact]
    public async Task One_client_has_so_many_streams_and_no_more_until_one_is_closed()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:MaxEventStreamsPerClient", "2"));
        using var client = stage.Client();
        await using var first = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await using var second = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await first.EventAsync(Cancellation);
        await second.EventAsync(Cancellation);

        using var counted = new RefusalCounter("events", "too many open, by client", "codius.pages.refused");
        using var refused = await client.GetAsync(stage.AppUrl + Events, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        counted.AssertAtLeast(1);

        await first.DisposeAsync();
        await Eventually.TrueAsync("the slot is free", () => stage.Get<StreamSlots>().Open == 1);
        await Eventually.TrueAsync("nobody watches for the client that left", () => stage.Balances.Watchers == 1);
        await using var again = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        Assert.Equal(HttpStatusCode.OK, again.Response.StatusCode);
    }

    [Fact]
    public async Task A_hundred_streams_of_an_account_share_one_watch_which_ends_with_the_last_of_them()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:MaxEventStreamsPerClient", "1000"));
        using var client = stage.Client();
        var streams = new List<EventStreamReader>();
        for (var count = 0; count < 100; count++)
            streams.Add(await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation));
        foreach (var stream in streams) Assert.Equal("0", (await stream.EventAsync(Cancellation)).GetProperty("balance").GetString());
        Assert.Equal(1, stage.Balances.Watchers);

        stage.Balances.Set("hello", 7);
        foreach (var stream in streams) Assert.Equal("7", (await stream.EventAsync(Cancellation)).GetProperty("balance").GetString());

        foreach (var stream in streams) await stream.DisposeAsync();
        await Eventually.TrueAsync("nobody watches", () => stage.Balances.Watchers == 0);
        await using var again = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        Assert.Equal("7", (await again.EventAsync(Cancellation)).GetProperty("balance").GetString());
    }

    [Fact]
    public async Task A_stream_shows_the_version_that_runs_now_though_one_of_the_version_before_is_still_open()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Apps.Set("hello", new AppState.Failed("the old fault"));
        await using var before = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        Assert.Equal("the old fault", (await before.EventAsync(Cancellation)).GetProperty("reason").GetString());

        stage.Apps.Host("hello", hash: 'b');
        await using var now = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        Assert.Equal("asleep", (await now.EventAsync(Cancellation)).GetProperty("state").GetString());
        Assert.Equal("asleep", await StateAsync(client, stage));

        stage.Apps.Set("hello", new AppState.Failed("the new fault"));
        Assert.Equal("the new fault", (await now.EventAsync(Cancellation)).GetProperty("reason").GetString());
        Assert.Equal("failed", await StateAsync(client, stage));
    }

    [Fact]
    public async Task All_clients_together_have_so_many_streams()
    {
        await using var stage = await PageStage.StartAsync(null, ("Pages:MaxEventStreams", "1"));
        using var client = stage.Client();
        await using var first = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await first.EventAsync(Cancellation);

        using var counted = new RefusalCounter("events", "too many open", "codius.pages.refused");
        using var refused = await client.GetAsync(stage.AppUrl + Events, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        counted.AssertAtLeast(1);
    }

    [Fact]
    public async Task Streams_end_when_the_gateway_is_about_to()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        await using var events = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await events.EventAsync(Cancellation);

        await stage.Get<Drain>().StoppingAsync(Cancellation);

        Assert.Null(await events.LineAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_ends_when_the_ledger_goes_away_so_that_the_browser_comes_back()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        await using var events = await EventStreamReader.OpenAsync(client, stage.AppUrl + Events, Cancellation);
        await events.EventAsync(Cancellation);

        stage.Balances.IsAway = true;
        stage.Balances.Set("hello", 1);

        Assert.Null(await events.LineAsync(Cancellation));
    }

    [Fact]
    public async Task The_host_streams_the_account_of_a_deploy_token_without_an_apps_state()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set(Token, 5);
        await using var events = await EventStreamReader.OpenAsync(client, stage.HostUrl + Events + $"?account={Token}", Cancellation);

        var state = await events.EventAsync(Cancellation);

        Assert.Equal("5", state.GetProperty("balance").GetString());
        Assert.False(state.TryGetProperty("state", out _));
    }

    [Theory]
    [InlineData("?account=Not%20An%20Id")]
    [InlineData("")]
    public async Task The_host_wants_to_know_which_account(string query)
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();

        using var answer = await client.GetAsync(stage.HostUrl + Events + query, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("t-abc")]
    public async Task The_host_reads_no_account_that_cannot_be_paid(string account)
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set(account, 5);
        foreach (var url in new[] { Events, "/.well-known/codius/balance" })
        {
            using var answer = await client.GetAsync($"{stage.HostUrl}{url}?account={account}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var app = await client.GetAsync(stage.HostUrl + "/.well-known/codius/balance?account=hello", Cancellation);
        Assert.Equal(HttpStatusCode.OK, app.StatusCode);
    }

    [Fact]
    public async Task The_balance_alone_is_answered_as_JSON_and_503_while_the_ledger_is_away()
    {
        await using var stage = await PageStage.StartAsync();
        using var client = stage.Client();
        stage.Balances.Set("hello", 42);

        Assert.Contains("\"balance\":\"42\"", await client.GetStringAsync(stage.AppUrl + "/.well-known/codius/balance", Cancellation),
            StringComparison.Ordinal);
        stage.Balances.IsAway = true;
        using var away = await client.GetAsync(stage.AppUrl + "/.well-known/codius/balance", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        using var unknown = await client.GetAsync($"http://nobody.localhost:{stage.Port}/.well-known/codius/balance", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<string?> StateAsync(HttpClient client, PageStage stage)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync(stage.AppUrl + "/.well-known/codius/balance", Cancellation));
        return answer.RootElement.GetProperty("state").GetString();
    }
}
