using System.Text.Json;
using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Apps;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

/// <summary>What a developer who chooses webhooks can have the host do.</summary>
public sealed class DeveloperAbuseTests(GarnetFixture fixture) : IClassFixture<GarnetFixture>, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly string _prefix = Guid.NewGuid().ToString("n")[..8] + "-";
    private WebhookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebhookServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_webhook_that_does_not_answer_delays_no_other_apps()
    {
        await using var slow = await WebhookServer.StartAsync();
        slow.Answer = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        await using var bench = new DeveloperBench(fixture.Store, _time);
        await bench.StartDeliveryAsync();
        for (var i = 0; i < DeveloperAlertDelivery.AtOnce / 2; i++) Host(bench, $"slow{i:00}", slow.Url, $"token {i}");
        await bench.RunAsync();
        await Eventually.TrueAsync("the slow ones are called", () =>
        {
            // A connection that a busy machine did not open in time is tried again.
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return slow.Received.Select(message => message.Id).Distinct().Count() == DeveloperAlertDelivery.AtOnce / 2;
        });
        Host(bench, "quick", _server.Url);
        await bench.RunAsync();

        await Eventually.TrueAsync("the quick one has its message", () => !_server.Received.IsEmpty);
    }

    [Fact]
    public async Task One_that_redirects_is_not_followed_and_is_given_up_within_a_day()
    {
        await using var inside = await WebhookServer.StartAsync();
        _server.Answer = context =>
        {
            context.Response.Redirect(inside.Url.ToString());
            return Task.CompletedTask;
        };
        await using var bench = new DeveloperBench(fixture.Store, _time);
        await bench.StartDeliveryAsync();
        Host(bench, "redirects", _server.Url);
        await bench.RunAsync();
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromDays(1); passed += TimeSpan.FromMinutes(5))
        {
            await bench.RunAsync();
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.NotEmpty(_server.Received);
        Assert.Single(_server.Received.Select(message => message.Id).Distinct());
        Assert.True(_server.Received.Count <= 14, $"{_server.Received.Count} calls");
        Assert.Empty(inside.Received);
    }

    [Fact]
    public async Task An_app_is_called_ten_times_at_once_and_then_as_its_rate_allows()
    {
        await using var other = await WebhookServer.StartAsync();
        await using var bench = new DeveloperBench(fixture.Store, _time);
        await bench.StartDeliveryAsync();
        var (often, seldom) = (Host(bench, "often", _server.Url), Host(bench, "seldom", other.Url));
        for (var call = 1; call <= DeveloperAlertDelivery.PerApp.Burst; call++)
        {
            Send(often);
            await Eventually.TrueAsync($"call {call} has come", () => _server.Received.Count == call);
        }
        Send(often);
        Send(seldom);
        await Eventually.TrueAsync("another app is called", () => !other.Received.IsEmpty);
        Assert.Equal(DeveloperAlertDelivery.PerApp.Burst, _server.Received.Count);
        await Eventually.TrueAsync("it is called later", () =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return _server.Received.Count > DeveloperAlertDelivery.PerApp.Burst;
        });

        void Send(HostedApp app) => bench.Delivery.Send(app, AlertMessage.Test("", _time.GetUtcNow()));
    }

    [Fact]
    public async Task An_address_inside_is_not_called()
    {
        await using var bench = new DeveloperBench(fixture.Store, _time, insecure: false);
        await bench.StartDeliveryAsync();
        Host(bench, "inside", _server.Url);
        Host(bench, "inside-by-name", new Uri("https://localhost/"), "another token");
        await bench.RunAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await bench.RunAsync();

        Assert.Empty(_server.Received);
    }

    [Fact]
    public async Task An_owner_has_twenty_apps_and_the_host_as_many_as_it_set_and_those_that_had_a_place_keep_it()
    {
        await using var bench = new DeveloperBench(fixture.Store, _time, mostApps: 25);
        await bench.StartDeliveryAsync();
        for (var i = 0; i < 30; i++) Host(bench, $"m{i:00}", _server.Url);
        await bench.RunAsync();
        for (var i = 0; i < 30; i++) Host(bench, $"a{i:00}", _server.Url, "another token");
        await bench.RunAsync();
        await bench.RunAsync();

        await Eventually.TrueAsync("all messages have come", () => Apps().Count >= 25);
        Assert.Equal(
            [
                .. Enumerable.Range(0, 5).Select(i => $"a{i:00}"),
                .. Enumerable.Range(0, PlacedApps.MostOfOwner).Select(i => $"m{i:00}"),
            ],
            Apps().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_starts_and_another_one_give_the_places_to_the_same_apps()
    {
        var places = _prefix + "places";
        await using (var first = new DeveloperBench(fixture.Store, _time, mostApps: 2, places: places))
        {
            await first.StartDeliveryAsync();
            foreach (var name in new[] { "m", "n" }) Host(first, name, _server.Url);
            await first.RunAsync();
            await Eventually.TrueAsync("both messages have come", () => Apps().Count == 2);
        }
        _server.Received.Clear();
        await using var second = new DeveloperBench(fixture.Store, _time, mostApps: 2, places: places);
        await second.StartDeliveryAsync();
        foreach (var name in new[] { "a", "b", "m", "n" }) Host(second, name, _server.Url);
        await second.RunAsync();
        second.Host(_prefix + "n", null);
        await second.RunAsync(TimeSpan.FromMinutes(6));

        await Eventually.TrueAsync("the message of the one that got a free place has come", () => Apps().Contains("a"));
        Assert.Equal(["a"], Apps());
    }

    [Fact]
    public async Task A_gateway_that_knows_no_apps_yet_takes_no_places_away()
    {
        var places = _prefix + "places";
        await using var first = new DeveloperBench(fixture.Store, _time, mostApps: 1, places: places);
        Host(first, "m", _server.Url);
        await first.RunAsync();
        first.Forget();
        await first.RunAsync();

        Assert.Equal([_prefix + "m"], await new AlertPlaces(fixture.Store.Store, places).ReadAsync());
    }

    [Fact]
    public async Task An_app_without_an_owner_and_one_that_wants_none_get_none_and_zero_turns_all_off()
    {
        await using var bench = new DeveloperBench(fixture.Store, _time);
        await using var off = new DeveloperBench(fixture.Store, _time, mostApps: 0);
        await bench.StartDeliveryAsync();
        await off.StartDeliveryAsync();
        bench.Host(_prefix + "hosts", new AppAlertSettings(_server.Url, BalanceBelow: 1_000), owner: null);
        bench.Host(_prefix + "none", null);
        Host(off, "off", _server.Url);
        await off.RunAsync();
        await bench.RunAsync();
        Host(bench, "one", _server.Url);
        await bench.RunAsync();

        await Eventually.TrueAsync("the one message has come", () => Apps().Count >= 1);
        Assert.Equal(["one"], Apps());
    }

    private HostedApp Host(DeveloperBench bench, string name, Uri webhook, string owner = "a token") =>
        bench.Host(_prefix + name, new AppAlertSettings(webhook, BalanceBelow: 1_000), owner);

    private List<string> Apps() => [.. _server.Received.Select(message => JsonDocument.Parse(message.Body).RootElement
        .GetProperty("data").GetProperty("alert").GetProperty("subject").GetString()![_prefix.Length..])];
}
