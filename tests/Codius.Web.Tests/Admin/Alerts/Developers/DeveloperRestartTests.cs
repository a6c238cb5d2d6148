using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

public sealed class DeveloperRestartsOnRedis(RedisFixture fixture) : DeveloperRestartTests(fixture), IClassFixture<RedisFixture>;

public sealed class DeveloperRestartsOnGarnet(GarnetFixture fixture) : DeveloperRestartTests(fixture), IClassFixture<GarnetFixture>;

/// <summary>A gateway that starts goes on with the alerts that were sent before.</summary>
public abstract class DeveloperRestartTests(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly string _app = "app-" + Guid.NewGuid().ToString("n")[..12];
    private WebhookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebhookServer.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task What_was_sent_is_not_sent_again_and_its_end_is_sent()
    {
        var alerts = new AppAlertSettings(_server.Url, BalanceBelow: 1_000);
        await RunAsync(alerts, bench => bench.Money.Set(_app, 999), "alert.began");
        // Below where the alert ends, above where it begins.
        await RunAsync(alerts, bench => bench.Money.Set(_app, 1_050), "alert.began");
        await RunAsync(alerts, bench => bench.Money.Set(_app, 1_100), "alert.began", "alert.ended");
    }

    [Fact]
    public async Task What_is_over_and_begins_anew_after_a_start_is_sent_as_both()
    {
        var alerts = new AppAlertSettings(_server.Url, BalanceBelow: 1_000);
        await RunAsync(alerts, bench => bench.Money.Set(_app, 999), "alert.began");
        await RunAsync(alerts, bench => bench.Money.Set(_app, 5_000), "alert.began", "alert.ended");
        await RunAsync(alerts, bench => bench.Money.Set(_app, 999), "alert.began", "alert.ended", "alert.began");
    }

    [Fact]
    public async Task Hours_are_those_of_what_was_spent_when_it_was_sent()
    {
        var alerts = new AppAlertSettings(_server.Url, HoursLeft: 10);
        await RunAsync(alerts, bench =>
        {
            bench.Books.Spent[_app] = 100;
            bench.Money.Set(_app, 990);
        }, "alert.began");
        // Nothing is left to spend.
        await RunAsync(alerts, bench => bench.Money.Set(_app, 3), "alert.began");
        await RunAsync(alerts, bench => bench.Money.Set(_app, 1_249), "alert.began");
        await RunAsync(alerts, bench => bench.Money.Set(_app, 1_250), "alert.began", "alert.ended");
    }

    [Fact]
    public async Task A_failed_start_ends_when_the_app_is_awake_and_not_when_the_gateway_knows_nothing_of_it()
    {
        var alerts = new AppAlertSettings(_server.Url);
        await RunAsync(alerts, bench => bench.Set(_app, new AppState.Failed("It ended.")), "alert.began");
        await RunAsync(alerts, _ => { }, "alert.began");
        await RunAsync(alerts, bench => bench.Set(_app, new AppState.Failed("It ended.")), "alert.began");
        await RunAsync(alerts, bench => bench.Set(_app, new AppState.Awake(new Uri("http://127.0.0.1:1/"))), "alert.began", "alert.ended");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_its_webhook_did_not_take_before_is_sent_by_the_gateway_that_follows_with_the_same_id(bool crashes)
    {
        var alerts = new AppAlertSettings(_server.Url, BalanceBelow: 1_000);
        _server.Answer = WebhookServer.Status(503);
        await using (var first = await BenchAsync(alerts))
        {
            await first.RunAsync();
            await Eventually.TrueAsync("it was tried", () => !_server.Received.IsEmpty);
            first.Crashes = crashes;
        }
        var id = _server.Received.First().Id;
        _server.Answer = _ => Task.CompletedTask;
        _server.Received.Clear();

        await RunAsync(alerts, bench => bench.Money.Set(_app, 999), "alert.began");
        Assert.Equal(id, _server.Received.First().Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_that_its_webhook_did_not_take_before_is_sent_by_the_gateway_that_follows(bool crashes)
    {
        var alerts = new AppAlertSettings(_server.Url, BalanceBelow: 1_000);
        await RunAsync(alerts, bench => bench.Money.Set(_app, 999), "alert.began");
        _server.Answer = WebhookServer.Status(503);
        await using (var first = await BenchAsync(alerts))
        {
            first.Money.Set(_app, 5_000);
            await first.RunAsync(5 * Minute);
            await Eventually.TrueAsync("its end was tried", () => Of(_app).Count > 1);
            first.Crashes = crashes;
        }
        _server.Answer = _ => Task.CompletedTask;
        _server.Received.Clear();

        await RunAsync(alerts, bench => bench.Money.Set(_app, 5_000), "alert.ended");
    }

    [Fact]
    public async Task What_waited_for_longer_than_it_is_tried_and_what_the_app_wants_no_more_is_given_up()
    {
        var alerts = new AppAlertSettings(_server.Url, BalanceBelow: 1_000);
        _server.Answer = WebhookServer.Status(503);
        await using (var first = await BenchAsync(alerts))
        {
            await first.RunAsync();
            await Eventually.TrueAsync("it was tried", () => !_server.Received.IsEmpty);
        }
        _server.Answer = _ => Task.CompletedTask;
        _server.Received.Clear();
        _time.Advance(TimeSpan.FromHours(6));

        await RunAsync(alerts, bench => bench.Money.Set(_app, 999));
        Assert.False(await fixture.Store.Database.KeyExistsAsync(BalanceKeys.AlertMessages(_app)[0]));
    }

    /// <summary>One life of a gateway, in which the messages become these.</summary>
    private async Task RunAsync(AppAlertSettings alerts, Action<DeveloperBench> arrange, params string[] messages)
    {
        await using var bench = await BenchAsync(alerts);
        arrange(bench);
        await bench.RunAsync(5 * Minute);
        // Whatever is to be sent has come before the message of an app that begins now.
        var last = _app + "-" + Guid.NewGuid().ToString("n")[..8];
        bench.Host(last, new AppAlertSettings(_server.Url, BalanceBelow: 1));
        await bench.RunAsync();
        await Eventually.TrueAsync("the last message has come", () => Of(last).Count == 1);

        Assert.Equal(messages, Of(_app));
    }

    private async Task<DeveloperBench> BenchAsync(AppAlertSettings alerts)
    {
        var bench = new DeveloperBench(fixture.Store, _time, messages: _app);
        bench.Host(_app, alerts);
        await bench.StartDeliveryAsync();
        return bench;
    }

    private List<string> Of(string app) =>
    [
        .. from message in _server.Received
           let body = JsonDocument.Parse(message.Body).RootElement
           where body.GetProperty("data").GetProperty("alert").GetProperty("subject").GetString() == app
           select body.GetProperty("type").GetString(),
    ];
}
