using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;
using Codius.Web.Hosting.Alerting;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>When a condition is an alert, and which messages come of it.</summary>
public sealed class AlertWatchTests : IAsyncLifetime
{
    private static readonly AlertRule Rule = new("a-rule", TimeSpan.FromMinutes(1), "Do something.");
    private static readonly AlertCondition Wrong = new(Rule, AlertSeverity.Warning, "a-subject", "It is wrong.");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly RedisServer _redis = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private LedgerStore _store = null!;
    private WebhookServer _server = null!;

    private static RedisKey Mark => BalanceKeys.Alert("a-rule:a-subject");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(Stop);
        _store = LedgerStore.OnRedis(_redis);
        _server = await WebhookServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _store.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_has_ended_is_remembered_until_when_it_was_seen()
    {
        await using var bench = new AlertBench(_store, _time);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(AlertWatch.Interval);
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);
        Assert.Empty(bench.Watch.Past);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(2 * Minute);
        var until = _time.GetUtcNow();
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        var past = Assert.Single(bench.Watch.Past);
        Assert.Equal(("a-rule:a-subject", until), (past.Alert.Id, past.Until));
        Assert.Empty(bench.Watch.Current);
    }

    [Fact]
    public async Task What_lasts_is_an_alert_since_it_began_and_what_is_over_for_long_is_none()
    {
        await using var bench = new AlertBench(_store, _time);
        var changes = 0;
        bench.Watch.Changed += () => changes++;
        bench.Wrong.Add(Wrong);
        var began = _time.GetUtcNow();
        Assert.Null(bench.Watch.CheckedAt);

        await bench.RunAsync(Minute - AlertWatch.Interval);
        Assert.Empty(bench.Watch.Current);
        Assert.Equal(_time.GetUtcNow(), bench.Watch.CheckedAt);
        await bench.RunAsync(AlertWatch.Interval);
        Assert.Equal(
            new Alert("a-rule:a-subject", "a-rule", AlertSeverity.Warning, "a-subject", "It is wrong.", "Do something.", began),
            Assert.Single(bench.Watch.Current));
        bench.Wrong[0] = Wrong with { Severity = AlertSeverity.Critical, Summary = "It is worse." };
        await bench.RunAsync(Minute);
        Assert.Equal((AlertSeverity.Critical, "It is worse.", began),
            (bench.Watch.Current[0].Severity, bench.Watch.Current[0].Summary, bench.Watch.Current[0].Since));

        bench.Wrong.Clear();
        await bench.RunAsync(Minute);
        Assert.Single(bench.Watch.Current);
        await bench.RunAsync(2 * Minute);
        Assert.Empty(bench.Watch.Current);
        Assert.Equal(3, changes);
    }

    [Fact]
    public async Task What_breaks_off_before_its_time_begins_anew()
    {
        await using var bench = new AlertBench(_store, _time);
        for (var times = 0; times < 4; times++)
        {
            bench.Wrong.Add(Wrong);
            await bench.RunAsync(Minute - AlertWatch.Interval);
            bench.Wrong.Clear();
            await bench.RunAsync(AlertWatch.Interval);
        }

        Assert.Empty(bench.Watch.Current);
    }

    [Fact]
    public async Task A_check_that_throws_hides_no_alert_of_before_for_long_and_ends_no_watch()
    {
        await using var bench = new AlertBench(_store, _time);
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Trouble = new InvalidOperationException("a test");
        await bench.RunAsync(Minute);
        bench.Trouble = null;
        await bench.RunAsync(Minute);

        Assert.Single(bench.Watch.Current);
    }

    [Fact]
    public async Task Its_beginning_and_its_end_are_sent_once()
    {
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(5 * Minute);
        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(_server, 1));
        await bench.RunAsync(5 * Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(5 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));
    }

    [Fact]
    public async Task Two_gateways_that_see_the_same_send_it_once()
    {
        await using var first = new AlertBench(_store, _time, _server.Url);
        await using var second = new AlertBench(_store, _time, _server.Url);
        await first.StartDeliveryAsync();
        await second.StartDeliveryAsync();
        first.Wrong.Add(Wrong);
        second.Wrong.Add(Wrong);
        await RunBothAsync();
        first.Wrong.Clear();
        second.Wrong.Clear();
        await RunBothAsync();

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));

        async Task RunBothAsync()
        {
            for (var round = 0; round < 12; round++)
            {
                await first.RunAsync(TimeSpan.Zero);
                await second.RunAsync(AlertWatch.Interval);
            }
        }
    }

    [Fact]
    public async Task A_gateway_that_starts_anew_does_not_send_again_what_was_sent_and_sends_its_end()
    {
        await using (var before = new AlertBench(_store, _time, _server.Url))
        {
            await before.StartDeliveryAsync();
            before.Wrong.Add(Wrong);
            await before.RunAsync(Minute);
            await AlertBench.TypesAsync(_server, 1);
            await Eventually.TrueAsync<bool>("the mark says so", async () =>
            {
                await before.RunAsync(TimeSpan.Zero);
                return await _store.Database.StringGetAsync(BalanceKeys.Alert("a-rule:a-subject")) == "sent" ? true : null;
            });
        }
        await using var after = new AlertBench(_store, _time, _server.Url);
        await after.StartDeliveryAsync();
        after.Wrong.Add(Wrong);
        await after.RunAsync(2 * Minute);
        Assert.Single(after.Watch.Current);
        after.Wrong.Clear();
        await after.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));
    }

    [Fact]
    public async Task While_the_store_is_away_alerts_are_sent_all_the_same()
    {
        await _redis.KillAsync();
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute + AlertWatch.Interval);

        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(_server, 1));
    }

    [Fact]
    public async Task What_began_and_ended_while_the_store_was_away_is_sent_as_ended_when_it_is_back()
    {
        await _redis.KillAsync();
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(2 * Minute);
        await AlertBench.TypesAsync(_server, 1);
        await StoreIsBackAsync();
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));
    }

    [Fact]
    public async Task What_began_while_the_store_was_away_is_marked_when_it_is_back_and_not_sent_anew()
    {
        await _redis.KillAsync();
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(_server, 1);
        await StoreIsBackAsync();
        await bench.RunAsync(Minute);
        await using var other = new AlertBench(_store, _time, _server.Url);
        await other.StartDeliveryAsync();
        other.Wrong.Add(Wrong);
        await other.RunAsync(2 * Minute);
        Assert.Single(other.Watch.Current);
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));
    }

    [Fact]
    public async Task A_mark_that_was_lost_while_the_store_was_away_is_set_again_and_nothing_is_sent_anew()
    {
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(_server, 1);
        await _store.Database.KeyDeleteAsync(Mark);
        await _redis.KillAsync();
        await bench.RunAsync(AlertWatch.Interval);
        await StoreIsBackAsync();
        await bench.RunAsync(Minute);
        Assert.True(await _store.Database.KeyExistsAsync(Mark));
        bench.Wrong.Clear();
        await bench.RunAsync(3 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], await AlertBench.TypesAsync(_server, 2));
    }

    [Fact]
    public async Task While_an_alert_lasts_that_is_not_seen_any_more_its_mark_is_kept_so_that_its_end_is_sent()
    {
        _server.Answer = WebhookServer.Status(503);
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(AlertWatch.Interval);
        await _store.Database.KeyExpireAsync(Mark, Minute);
        await bench.RunAsync(AlertWatch.Interval);

        Assert.True(await _store.Database.KeyTimeToLiveAsync(Mark) > Minute);
    }

    [Fact]
    public async Task What_another_gateway_has_ended_is_not_marked_anew_while_it_lasts_here()
    {
        await using var bench = new AlertBench(_store, _time, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        bench.Wrong.Clear();
        await bench.RunAsync(AlertWatch.Interval);
        await _store.Database.KeyDeleteAsync(Mark);
        await bench.RunAsync(3 * Minute);

        Assert.False(await _store.Database.KeyExistsAsync(Mark));
        Assert.Equal(["alert.began"], await AlertBench.TypesAsync(_server, 1));
    }

    [Fact]
    public async Task A_webhook_that_is_down_gets_the_message_later_with_the_same_id_and_another_is_not_delayed()
    {
        await using var down = await WebhookServer.StartAsync();
        down.Answer = WebhookServer.Status(503);
        await using var bench = new AlertBench(_store, _time, down.Url, _server.Url);
        await bench.StartDeliveryAsync();
        bench.Wrong.Add(Wrong);
        await bench.RunAsync(Minute);
        await AlertBench.TypesAsync(_server, 1);
        await Eventually.TrueAsync("the first try has failed", () => !down.Received.IsEmpty);
        down.Answer = WebhookServer.Status(200);
        await Eventually.TrueAsync("it is tried again", () =>
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            return down.Received.Count >= 2;
        });

        Assert.Single(down.Received.Select(message => message.Id).Distinct());
        Assert.Single(down.Received.Select(message => message.Body).Distinct());
        Assert.Single(_server.Received);
    }

    private async Task StoreIsBackAsync()
    {
        await _redis.StartAsync(Stop);
        await Eventually.TrueAsync<bool>("the gateway is connected again", async () =>
        {
            try
            {
                await _store.Database.PingAsync();
                return true;
            }
            catch (RedisException)
            {
                return null;
            }
        });
    }
}
