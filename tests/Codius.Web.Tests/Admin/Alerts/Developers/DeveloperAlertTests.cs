using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Admin.Alerts;
using Codius.Web.Apps;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

public sealed class DeveloperAlertsOnRedis(RedisFixture fixture) : DeveloperAlertTests(fixture), IClassFixture<RedisFixture>;

public sealed class DeveloperAlertsOnGarnet(GarnetFixture fixture) : DeveloperAlertTests(fixture), IClassFixture<GarnetFixture>;

/// <summary>Which messages an app's developer gets, and that each comes once.</summary>
public abstract class DeveloperAlertTests(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // On the hour: what was spent in the last hour is what is spent in an hour.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly string _app = "app-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private WebhookServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebhookServer.StartAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task A_balance_below_the_bound_is_sent_once_signed_with_the_apps_key_and_a_top_up_ends_it()
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        bench.Money.Set(_app, 1_000);
        await bench.RunAsync(5 * Minute);
        Assert.Empty(_server.Received);
        bench.Money.Set(_app, 999);
        await bench.RunAsync(5 * Minute);

        var (type, alert) = Read(Assert.Single(await MessagesAsync(1)), bench.Keys.Of(_app, DeveloperBench.OwnerOf("a token")));
        Assert.Equal(("alert.began", "balance-below", _app), (type, Text(alert, "rule"), Text(alert, "subject")));
        Assert.Contains("999 units", Text(alert, "summary"), StringComparison.Ordinal);

        bench.Money.Set(_app, 5_000);
        await bench.RunAsync(5 * Minute);
        Assert.Equal(["alert.began", "alert.ended"], (await MessagesAsync(2)).Select(message => Read(message).Type));
    }

    [Fact]
    public async Task A_balance_that_goes_up_and_down_around_the_bound_is_one_alert()
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        for (var times = 0; times < 5; times++)
        {
            bench.Money.Set(_app, 999);
            await bench.RunAsync(5 * Minute);
            bench.Money.Set(_app, 1_099);
            await bench.RunAsync(5 * Minute);
        }
        Assert.Single(await MessagesAsync(1));
        bench.Money.Set(_app, 1_100);
        await bench.RunAsync(5 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], (await MessagesAsync(2)).Select(message => Read(message).Type));
    }

    [Fact]
    public async Task Money_for_less_than_the_hours_is_sent_and_ends_with_a_top_up_but_not_when_no_money_is_left_to_spend()
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url, HoursLeft: 10));
        bench.Books.Spent[_app] = 100;
        bench.Money.Set(_app, 1_000);
        await bench.RunAsync();
        Assert.Empty(_server.Received);
        bench.Money.Set(_app, 990);
        await bench.RunAsync();
        var alert = Read(Assert.Single(await MessagesAsync(1))).Alert;
        Assert.Equal(("hours-left", $"App {_app} has 990 units left and spends 100 an hour: less than 10 hours."),
            (Text(alert, "rule"), Text(alert, "summary")));

        bench.Money.Set(_app, 3);
        bench.Books.Spent[_app] = 0;
        await bench.RunAsync(10 * Minute);
        Assert.Single(_server.Received);

        bench.Money.Set(_app, 1_250);
        await bench.RunAsync(10 * Minute);
        Assert.Equal(["alert.began", "alert.ended"], (await MessagesAsync(2)).Select(message => Read(message).Type));
    }

    [Fact]
    public async Task A_failed_start_is_sent_once_however_often_it_is_tried_again_and_ends_when_it_is_awake()
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url));
        for (var tries = 0; tries < 3; tries++)
        {
            bench.Set(_app, new AppState.Failed("It ended."));
            await bench.RunAsync(3 * Minute);
            bench.Set(_app, AppState.Waking);
            await bench.RunAsync(3 * Minute);
        }
        var alert = Read(Assert.Single(await MessagesAsync(1))).Alert;
        Assert.Equal(("failed-to-start", $"App {_app} failed to start: It ended."), (Text(alert, "rule"), Text(alert, "summary")));
        bench.Set(_app, new AppState.Awake(new Uri("http://127.0.0.1:1/")));
        await bench.RunAsync(5 * Minute);

        Assert.Equal(["alert.began", "alert.ended"], (await MessagesAsync(2)).Select(message => Read(message).Type));
    }

    [Theory]
    [InlineData(nameof(FailureCause.Host))]
    [InlineData(nameof(FailureCause.OwnersLimit))]
    [InlineData(nameof(FailureCause.PutToSleep))]
    public async Task A_start_that_failed_for_another_cause_than_the_app_is_not_sent(string cause)
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url));
        bench.Set(_app, new AppState.Failed("No room.") { Cause = Enum.Parse<FailureCause>(cause) });
        await SettledAsync(bench);

        Assert.Empty(OfApp());
    }

    [Fact]
    public async Task Two_gateways_send_it_once()
    {
        await using var first = await BenchAsync(new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        await using var second = await BenchAsync(new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        foreach (var funds in new ulong[] { 500, 5_000 })
        {
            first.Money.Set(_app, funds);
            second.Money.Set(_app, funds);
            for (var round = 0; round < 12; round++)
            {
                await first.RunAsync();
                await second.RunAsync(Minute / 2);
            }
        }
        await SettledAsync(first);

        Assert.Equal(["alert.began", "alert.ended"], OfApp().Select(message => Read(message).Type));
    }

    [Fact]
    public async Task While_balances_cannot_be_read_nothing_begins_and_nothing_ends()
    {
        await using var bench = await BenchAsync(new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        bench.Money.Set(_app, 500);
        await bench.RunAsync();
        await MessagesAsync(1);
        bench.Money.IsAway = true;
        await bench.RunAsync(10 * Minute);
        bench.Money.IsAway = false;
        await SettledAsync(bench);

        Assert.Single(OfApp());
    }

    [Fact]
    public async Task A_message_is_signed_with_the_keys_of_the_hosts_earlier_secrets_too()
    {
        var (old, now) = (Secret(1), Secret(2));
        await using var bench = await BenchAsync(
            new AppAlertSettings(_server.Url, BalanceBelow: 1_000), new HostSecrets(now, [old]));
        await bench.RunAsync();
        var message = Assert.Single(await MessagesAsync(1));

        var owner = DeveloperBench.OwnerOf("a token");
        Assert.NotEqual(bench.Keys.Of(_app, owner), new AppAlertKeys(new HostSecrets(old, [])).Of(_app, owner));
        Read(message, bench.Keys.Of(_app, owner));
        Read(message, new AppAlertKeys(new HostSecrets(old, [])).Of(_app, owner));
    }

    [Fact]
    public void Each_name_and_each_owner_has_a_key_of_its_own_that_reveals_nothing_of_the_hosts()
    {
        var keys = new AppAlertKeys(new HostSecrets(Secret(1), []));
        var (ann, bob) = (DeveloperBench.OwnerOf("ann"), DeveloperBench.OwnerOf("bob"));
        string[] all = [keys.Of("one", ann), keys.Of("two", ann), keys.Of("one", bob)];

        Assert.Equal(3, all.Distinct().Count());
        Assert.Equal(all[0], keys.Of("one", ann));
        Assert.All(all, key => Assert.True(WebhookSignature.TryRead(key, out _)));
    }

    private static HostSecret Secret(byte value) => new([.. Enumerable.Repeat(value, HostSecret.Length)]);

    private async Task<DeveloperBench> BenchAsync(AppAlertSettings alerts, HostSecrets? secrets = null)
    {
        var bench = new DeveloperBench(fixture.Store, _time, secrets: secrets);
        bench.Host(_app, alerts);
        await bench.StartDeliveryAsync();
        return bench;
    }

    /// <summary>Whatever is to be sent has come before the message of an app that begins now.</summary>
    private async Task SettledAsync(DeveloperBench bench)
    {
        bench.Host(_app + "-last", new AppAlertSettings(_server.Url, BalanceBelow: 1_000));
        await bench.RunAsync(5 * Minute);
        await Eventually.TrueAsync("the last message has come", () => _server.Received.Count > OfApp().Count);
        bench.Host(_app + "-last", null);
    }

    private List<WebhookServer.Message> OfApp() =>
        [.. _server.Received.Where(message => Text(Read(message).Alert, "subject") == _app)];

    private async Task<IReadOnlyList<WebhookServer.Message>> MessagesAsync(int count)
    {
        await Eventually.TrueAsync($"{count} messages have come", () => _server.Received.Count >= count);
        return [.. _server.Received];
    }

    private static (string Type, JsonElement Alert) Read(WebhookServer.Message message, string? key = null)
    {
        if (key is not null)
        {
            var signed = Encoding.UTF8.GetBytes($"{message.Id}.{message.Timestamp}.{message.Body}");
            Assert.Contains(
                "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key["whsec_".Length..]), signed)),
                message.Signature.Split(' '));
        }
        var body = JsonDocument.Parse(message.Body).RootElement;
        return (body.GetProperty("type").GetString()!, body.GetProperty("data").GetProperty("alert"));
    }

    private static string Text(JsonElement alert, string name) => alert.GetProperty(name).GetString()!;
}
