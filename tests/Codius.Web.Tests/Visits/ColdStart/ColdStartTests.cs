using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.ColdStart;

/// <summary>Visits of an app that sleeps.</summary>
public sealed class ColdStartTests
{
    private const string Html = "text/html";

    [Fact]
    public async Task A_person_gets_the_waiting_page_at_once_and_pays_nothing_for_it()
    {
        await using var visits = await VisitFixture.StartAsync();

        var answer = await visits.GetAsync(accept: Html);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal((1, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_person_is_told_why_the_app_cannot_start()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.OnWake = _ => new AppState.Failed("It has no legs.");

        var answer = await visits.GetAsync(accept: Html);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("It has no legs.", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programs_request_is_held_and_answered_by_the_app_once_it_is_awake()
    {
        await using var visits = await VisitFixture.StartAsync();

        var visit = visits.GetAsync();
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);
        Assert.Equal((false, 0), (visit.IsCompleted, visits.Reached));
        visits.Awake();
        var answer = await visit;

        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Matches(@"^queue;dur=[0-9.]+, wake;dur=[0-9.]+$", Assert.Single(answer.Headers.GetValues("Server-Timing")));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task Five_hundred_requests_that_wait_for_one_app_are_all_answered_when_it_is_awake()
    {
        await using var visits = await VisitFixture.StartAsync(
            settings: ["ColdStart:MaxWaitingPerApp=1100", "ColdStart:MaxWaiting=1100"]);

        var waiting = Enumerable.Range(0, 500).Select(_ => visits.GetAsync()).ToArray();
        await Eventually.TrueAsync("all of them wait, and the first has woken the app",
            () => visits.Activity.Open("hello") == 500 && visits.Apps.WakesOf("hello") > 0);
        Assert.Equal((1, 0), (visits.Apps.WakesOf("hello"), visits.Reached));
        visits.Awake();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(500, visits.Reached);
        Assert.Equal(500 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_held_requests_body_is_left_unread_until_the_app_is_awake()
    {
        await using var visits = await VisitFixture.StartAsync(async context =>
            await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", visits.Gateway.Port, VisitFixture.Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(
            ("POST / HTTP/1.1\r\nHost: hello.codius.test\r\nExpect: 100-continue\r\n"u8
                + "Content-Length: 5\r\nConnection: close\r\n\r\n"u8).ToArray(),
            VisitFixture.Cancellation);
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);

        // The client gets its 100 Continue only when the app can read the body.
        Assert.False(stream.DataAvailable);
        visits.Awake();
        Assert.StartsWith("HTTP/1.1 100", await VisitFixture.ReadHeadAsync(stream), StringComparison.Ordinal);
        await stream.WriteAsync("words"u8.ToArray(), VisitFixture.Cancellation);
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.EndsWith("words\r\n0\r\n\r\n", await reader.ReadToEndAsync(VisitFixture.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_visits_wake_an_app_once_and_are_all_served()
    {
        await using var visits = await VisitFixture.StartAsync();

        var waiting = Enumerable.Range(0, 50).Select(_ => visits.GetAsync()).ToArray();
        await Eventually.TrueAsync("all wait", () => visits.Apps.Waiting == 50);
        visits.Awake();
        var answers = await Task.WhenAll(waiting);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal((1, 50 * VisitFixture.Price), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Theory]
    [InlineData("ColdStart:MaxWaitingPerApp=2")]
    [InlineData("ColdStart:MaxWaiting=2")]
    public async Task Only_so_many_wait_and_the_rest_are_turned_away_uncharged(string limit)
    {
        await using var visits = await VisitFixture.StartAsync(settings: [limit]);
        var waiting = new[] { visits.GetAsync(), visits.GetAsync() };
        await Eventually.TrueAsync("both wait", () => visits.Apps.Waiting == 2);

        var answer = await visits.GetAsync();

        await IsProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "too-many-waiting");
        Assert.NotNull(answer.Headers.RetryAfter);
        visits.Awake();
        Assert.All(await Task.WhenAll(waiting), served => Assert.Equal(HttpStatusCode.OK, served.StatusCode));
        Assert.Equal(2 * VisitFixture.Price, await visits.SpentAsync());
        // There is room again.
        visits.Apps.Set("hello", AppState.Asleep);
        var next = visits.GetAsync();
        await Eventually.TrueAsync("it waits", () => visits.Apps.WakesOf("hello") == 2);
        visits.Awake();
        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
    }

    [Fact]
    public async Task An_app_that_takes_too_long_costs_nothing_and_is_504()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["ColdStart:Timeout=00:00:01"]);

        await IsProblemAsync(await visits.GetAsync(), HttpStatusCode.GatewayTimeout, "wake-timeout");
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_app_that_takes_too_long_is_told_what_it_waits_for()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["ColdStart:Timeout=00:00:01"]);
        visits.Apps.OnWake = _ => new AppState.WakingState("It does not accept connections on port 80.");

        var text = await (await visits.GetAsync()).Content.ReadAsStringAsync(VisitFixture.Cancellation);

        Assert.Contains("It does not accept connections on port 80. It may still be starting, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_who_wait_are_told_at_once_why_the_app_cannot_start()
    {
        await using var visits = await VisitFixture.StartAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => visits.GetAsync()).ToArray();
        await Eventually.TrueAsync("all wait", () => visits.Apps.Waiting == 5);

        visits.Apps.Set("hello", new AppState.Failed("It has no legs."));

        foreach (var visit in waiting)
        {
            var detail = await IsProblemAsync(await visit, HttpStatusCode.ServiceUnavailable, "app-failed");
            Assert.StartsWith("It has no legs.", detail, StringComparison.Ordinal);
        }
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task Who_comes_while_the_app_falls_asleep_wakes_it_again_and_is_served()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var nobody = SaidToBeWhereNobodyIs(visits);
        visits.Apps.OnWake = _ => visits.Address;
        // The visit still reads it as awake; it sleeps before the connection is made. (Others read as well, but not during a visit.)
        visits.Apps.OnStateRead = app =>
        {
            if (visits.Activity.Open(app.Name) == 0) return;
            visits.Apps.OnStateRead = null;
            visits.Apps.Set(app.Name, AppState.Asleep);
        };

        var visit = PostAsync(visits);

        Assert.Equal(HttpStatusCode.OK, (await visit).StatusCode);
        Assert.Equal((1, 1, VisitFixture.Price), (visits.Apps.WakesOf("hello"), visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_program_that_finds_nobody_where_the_app_is_said_to_be_waits_until_it_is_there_and_pays_once()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var nobody = SaidToBeWhereNobodyIs(visits);
        visits.Apps.OnUnreachable = _ => AppState.Waking;

        var visit = PostAsync(visits);
        await Eventually.TrueAsync("it waits", () => visits.Apps.Waiting == 1);
        visits.Awake();

        Assert.Equal(HttpStatusCode.OK, (await visit).StatusCode);
        Assert.Equal((0, 1, VisitFixture.Price), (visits.Apps.WakesOf("hello"), visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_person_who_comes_then_sees_that_it_wakes()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var nobody = SaidToBeWhereNobodyIs(visits);
        visits.Apps.OnUnreachable = _ => AppState.Waking;

        using var answer = await visits.GetAsync(accept: Html);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("waking", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task Funds_for_a_request_but_not_for_a_minute_awake_wake_nothing_and_stay_whole()
    {
        // A minute awake costs as much as a request; the funds are a request and a half.
        await using var visits =
            await VisitFixture.StartAsync(settings: ["Prices:PerRunningHour=0.0006"], funds: VisitFixture.Price * 3 / 2);

        await IsProblemAsync(await visits.GetAsync(), HttpStatusCode.PaymentRequired, "payment-required");

        Assert.Equal((0, 0, 0UL), (visits.Apps.WakesOf("hello"), visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_preflight_waits_for_an_app_that_another_request_wakes()
    {
        await using var visits = await VisitFixture.StartAsync();

        var visit = visits.GetAsync();
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);
        var preflight = visits.SendAsync(PreflightTests.Preflight());
        await Eventually.TrueAsync("both wait", () => visits.Apps.Waiting == 2);
        visits.Awake();

        Assert.Equal(HttpStatusCode.OK, (await preflight).StatusCode);
        await visit;
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    /// <summary>
    /// The app seems awake at a port that refuses connections, and that no other process gets as long as this is open.
    /// </summary>
    private static Socket SaidToBeWhereNobodyIs(VisitFixture visits)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}")));
        return socket;
    }

    private static Task<HttpResponseMessage> PostAsync(VisitFixture visits)
    {
        var request = VisitFixture.Request(HttpMethod.Post);
        request.Content = new StringContent("words");
        return visits.SendAsync(request);
    }

    private static async Task<string> IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation)).RootElement;
        Assert.Equal("urn:codius:problem:" + code, problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
