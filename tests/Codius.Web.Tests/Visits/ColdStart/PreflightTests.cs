using System.Net;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Visits.ColdStart;

/// <summary>A page of another origin calls a sleeping app: its browser sends a preflight first.</summary>
public sealed class PreflightTests
{
    // A minute awake costs as much as a request.
    private const string Hourly = "Prices:PerRunningHour=0.0006";

    [Fact]
    public async Task A_preflight_wakes_a_funded_app_and_is_held_until_the_app_answers_it()
    {
        await using var visits = await VisitFixture.StartAsync(AllowAsync, [Hourly]);

        var preflight = visits.SendAsync(Preflight());
        await Eventually.TrueAsync("it waits", () => visits.Apps.Waiting == 1);
        visits.Awake();

        var allowed = await preflight;
        Assert.Equal("https://shop.example", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        var request = VisitFixture.Request(HttpMethod.Post);
        request.Headers.Add("Origin", "https://shop.example");
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await visits.SendAsync(request)).StatusCode);

        // A minute awake, and the request; the preflight itself is free.
        Assert.Equal((1, 2 * VisitFixture.Price), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Without_funds_for_a_minute_and_a_request_it_wakes_nothing_and_the_page_can_read_why(int prices)
    {
        await using var visits = await VisitFixture.StartAsync(settings: [Hourly], funds: (ulong)prices * VisitFixture.Price);

        var allowed = await visits.SendAsync(Preflight());

        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("*", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("0", Assert.Single(allowed.Headers.GetValues("Access-Control-Max-Age")));
        Assert.Equal(["*", "Authorization"], allowed.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", "));
        // No cookie of a visitor is let through in the app's place.
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));

        var request = VisitFixture.Request(HttpMethod.Put);
        request.Headers.Add("Origin", "https://shop.example");
        var refused = await visits.SendAsync(request);
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal("https://shop.example", Assert.Single(refused.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task An_app_that_cannot_start_is_read_by_the_page_too()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.OnWake = _ => new AppState.Failed("It has no legs.");

        Assert.Equal(HttpStatusCode.NoContent, (await visits.SendAsync(Preflight())).StatusCode);
    }

    [Fact]
    public async Task Preflights_that_nothing_follows_wake_an_app_within_its_owners_cap_alone()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Host("hello", maxSpendPerHour: 2 * VisitFixture.Price);
        visits.Apps.OnWake = _ => visits.Address;

        for (var i = 0; i < 4; i++)
        {
            (await visits.SendAsync(Preflight())).Dispose();
            visits.Apps.Set("hello", AppState.Asleep);
        }

        Assert.Equal((2, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task Beyond_the_owners_cap_it_wakes_nothing_and_its_own_wake_counts_as_one_request()
    {
        await using var visits = await VisitFixture.StartAsync();
        visits.Apps.Host("hello", maxSpendPerHour: 2 * VisitFixture.Price);
        visits.Apps.OnWake = _ => visits.Address;

        Assert.Equal(HttpStatusCode.OK, (await visits.SendAsync(Preflight())).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visits.GetAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await visits.GetAsync()).StatusCode);
        visits.Apps.Set("hello", AppState.Asleep);

        Assert.Equal(HttpStatusCode.NoContent, (await visits.SendAsync(Preflight())).StatusCode);
        Assert.Equal(1, visits.Apps.WakesOf("hello"));
    }

    [Fact]
    public async Task One_that_finds_its_app_gone_to_sleep_pays_to_wake_it_like_any_other()
    {
        await using var visits = await VisitFixture.StartAsync(settings: [Hourly], funds: VisitFixture.Price);
        visits.Awake();
        // Awake when the preflight arrives, asleep when it is to be forwarded.
        visits.Apps.OnStateRead = _ =>
        {
            visits.Apps.OnStateRead = null;
            visits.Apps.Set("hello", AppState.Asleep);
        };

        Assert.Equal(HttpStatusCode.NoContent, (await visits.SendAsync(Preflight())).StatusCode);
        Assert.Equal((0, 0UL), (visits.Apps.WakesOf("hello"), await visits.SpentAsync()));
    }

    [Fact]
    public async Task One_that_an_app_took_as_it_died_is_answered_in_its_place()
    {
        await using var visits = await VisitFixture.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        visits.Apps.Set("hello", new AppState.Awake(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")));
        visits.Apps.OnUnreachable = _ => new AppState.Failed("It has no legs.");
        visits.Apps.OnWake = _ => new AppState.Failed("It has no legs.");
        var first = visits.GetAsync();
        using (var app = await listener.AcceptTcpClientAsync(VisitFixture.Cancellation))
        {
            await VisitFixture.ReadHeadAsync(app.GetStream());
            await app.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), VisitFixture.Cancellation);
            Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
            listener.Stop();

            // Sent on the open connection, and after that closed, once more on a new one that is refused.
            var preflight = visits.SendAsync(Preflight());
            await VisitFixture.ReadHeadAsync(app.GetStream());
            app.Close();

            Assert.Equal(HttpStatusCode.NoContent, (await preflight).StatusCode);
        }
    }

    [Fact]
    public async Task Trouble_of_the_host_wakes_nothing()
    {
        await using var visits = await VisitFixture.StartAsync(
            services: services => services.AddSingleton<IReservations>(new Unavailable()));

        Assert.Equal(HttpStatusCode.NoContent, (await visits.SendAsync(Preflight())).StatusCode);
        Assert.Equal(0, visits.Apps.WakesOf("hello"));
    }

    public static HttpRequestMessage Preflight()
    {
        var request = VisitFixture.Request(HttpMethod.Options);
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "PUT");
        return request;
    }

    private static Task AllowAsync(HttpContext context)
    {
        context.Response.Headers.AccessControlAllowOrigin = "https://shop.example";
        return Task.CompletedTask;
    }

    /// <summary>A ledger that cannot be reached.</summary>
    private sealed class Unavailable : IReservations
    {
        public ValueTask<Reservation> ReserveAsync(
            AccountId account, ulong price, CancellationToken cancellation, ulong? capPerHour = null) => new(new Nothing());

        private sealed class Nothing : Reservation
        {
            public override ReserveOutcome Outcome => ReserveOutcome.Unavailable;

            public override ulong Funds => 0;

            public override void Commit() => throw new InvalidOperationException("Nothing was reserved");

            public override void Void() => throw new InvalidOperationException("Nothing was reserved");
        }
    }
}
