using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits;

/// <summary>What every end of a visit costs, to the unit.</summary>
public sealed class MoneyOfVisitsTests
{
    [Fact]
    public async Task An_answer_costs_one_price()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_answer_that_says_no_costs_as_much_as_one_that_says_yes()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        visits.Awake();

        Assert.Equal(HttpStatusCode.NotFound, (await visits.GetAsync()).StatusCode);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_visit_without_funds_gets_402_and_never_reaches_or_wakes_the_app()
    {
        await using var visits = await VisitFixture.StartAsync(funds: VisitFixture.Price - 1);

        Assert.Equal(HttpStatusCode.PaymentRequired, (await visits.GetAsync()).StatusCode);
        Assert.Equal(0, visits.Apps.WakesOf("hello"));

        visits.Awake();
        Assert.Equal(HttpStatusCode.PaymentRequired, (await visits.GetAsync()).StatusCode);
        Assert.Equal((0, 0UL), (visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task The_last_price_is_spent_and_the_next_visit_is_refused()
    {
        await using var visits = await VisitFixture.StartAsync(funds: 2 * VisitFixture.Price + 1);
        visits.Awake();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) statuses.Add((await visits.GetAsync()).StatusCode);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.PaymentRequired], statuses);
        Assert.Equal(2 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_charged()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://127.0.0.1:{PortNobodyHas()}")));

        var answer = await visits.GetAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("urn:codius:problem:app-unreachable", await ProblemOf(answer));
        Assert.Equal(0UL, await visits.SpentAsync());
    }

    [Fact]
    public async Task The_apps_own_failures_are_free_until_the_minutes_free_ones_are_used_up()
    {
        await using var visits = await VisitFixture.StartAsync(
            context =>
            {
                context.Response.StatusCode = 500;
                return context.Response.WriteAsync("broken");
            },
            ["Prices:FreeErrorsPerMinute=2"]);
        visits.Awake();

        for (var i = 0; i < 5; i++)
            Assert.Equal("broken", await (await visits.GetAsync()).Content.ReadAsStringAsync(VisitFixture.Cancellation));

        Assert.Equal(3 * VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_app_that_hangs_up_has_failed_and_its_client_gets_502()
    {
        await using var visits = await VisitFixture.StartAsync(
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            ["Prices:FreeErrorsPerMinute=1"]);
        visits.Awake();

        var answers = new[] { await PostAsync(visits), await PostAsync(visits) };

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode));
        Assert.Equal("urn:codius:problem:app-broke-off", await ProblemOf(answers[0]));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());

        // A method that is not safe to repeat: a GET on a used connection would be retried.
        static Task<HttpResponseMessage> PostAsync(VisitFixture visits) => visits.SendAsync(VisitFixture.Request(HttpMethod.Post));
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_app_is_at_work_has_used_it()
    {
        var working = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            working.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        visits.Awake();
        using var leaving = new CancellationTokenSource();

        var visit = visits.GetAsync(cancellation: leaving.Token);
        await working.Task.WaitAsync(VisitFixture.Cancellation);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => visit);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task While_a_request_that_the_app_does_not_answer_holds_all_the_money_others_get_402_and_not_503()
    {
        var working = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(
            async context =>
            {
                working.TrySetResult();
                await answer.Task;
                context.Response.StatusCode = 500;
            },
            funds: VisitFixture.Price);
        visits.Awake();
        var visit = visits.GetAsync();
        await working.Task.WaitAsync(VisitFixture.Cancellation);

        Assert.Equal(HttpStatusCode.PaymentRequired, (await visits.GetAsync()).StatusCode);

        // The app's own failure is free: the money was reserved, not spent.
        answer.SetResult();
        Assert.Equal(HttpStatusCode.InternalServerError, (await visit).StatusCode);
        Assert.Equal((1, 0UL), (visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_app_wakes_has_not()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var leaving = new CancellationTokenSource();

        var visit = visits.GetAsync(cancellation: leaving.Token);
        await Eventually.TrueAsync("the app was woken", () => visits.Apps.WakesOf("hello") == 1);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => visit);
        Assert.Equal((0, 0UL), (visits.Reached, await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_client_that_leaves_before_a_connection_to_the_app_is_there_has_not()
    {
        // A listener with a full backlog accepts no further connection: the gateway's attempt stays pending.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        var fillers = Enumerable.Range(0, 8).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var filler in fillers) _ = filler.ConnectAsync(address, VisitFixture.Cancellation).AsTask();
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://127.0.0.1:{address.Port}")));
        using var leaving = new CancellationTokenSource();

        var visit = visits.GetAsync(cancellation: leaving.Token);
        await Eventually.TrueAsync("the visit is on its way", () => OpenVisits(visits) == 1);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => visit);
        Assert.Equal(0UL, await visits.SpentAsync());
        foreach (var filler in fillers) filler.Dispose();
    }

    [Fact]
    public async Task A_body_that_is_malformed_on_its_way_to_the_app_is_charged()
    {
        await using var visits = await VisitFixture.StartAsync(async context => await context.Request.Body.CopyToAsync(Stream.Null));
        visits.Awake();

        var answer = await visits.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: hello.codius.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\nno "
                + "number\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_CONNECT_is_refused_and_wakes_nothing()
    {
        await using var visits = await VisitFixture.StartAsync();

        var answer =
            await visits.SendRawAsync("CONNECT hello.codius.test:80 HTTP/1.1\r\nHost: hello.codius.test:80\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task A_hundred_visits_at_once_cost_a_hundred_prices_and_no_more_than_is_there_is_served()
    {
        await using var visits = await VisitFixture.StartAsync(settings: ["Visits:PerClient:Burst=1000"], funds: 70 * VisitFixture.Price);
        visits.Awake();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => visits.GetAsync()));

        Assert.Equal(70, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(30, answers.Count(answer => answer.StatusCode == HttpStatusCode.PaymentRequired));
        Assert.Equal(70 * VisitFixture.Price, await visits.SpentAsync());
    }

    private static int OpenVisits(VisitFixture visits) => visits.Activity.Open("hello");

    private static async Task<string> ProblemOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return System.Text.Json.JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation)).RootElement.GetProperty("type").GetString()!;
    }

    private static int PortNobodyHas()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
