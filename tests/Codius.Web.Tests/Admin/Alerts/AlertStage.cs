using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;
using Codius.Web.Hosting.Alerting;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>A store, a clock, a webhook and one condition, for tests of the host's alerts.</summary>
public abstract class AlertStage : IAsyncLifetime
{
    private protected static AlertCondition Wrong { get; } = new(
        new AlertRule("a-rule", Minute, "Do something."), AlertSeverity.Warning, "a-subject", "It is wrong.");

    private protected static TimeSpan Minute => TimeSpan.FromMinutes(1);

    private protected static RedisKey Mark => BalanceKeys.Alert("a-rule:a-subject");

    private protected RedisServer Redis { get; } = new();

    private protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    private protected LedgerStore Store { get; private set; } = null!;

    private protected WebhookServer Server { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Redis.StartAsync(Stop);
        Store = LedgerStore.OnRedis(Redis);
        Server = await WebhookServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Store.Dispose();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The webhooks that are left, of all messages that are stored.</summary>
    private protected async Task<List<string>> LeftAsync() =>
    [
        .. (await Store.Database.HashValuesAsync(BalanceKeys.AlertMessages(AlertDelivery.Audience)[0]))
            .SelectMany(message => JsonSerializer.Deserialize<JsonElement>((string)message!).GetProperty("left").EnumerateArray())
            .Select(left => left.GetString()!),
    ];

    private protected async Task StoreIsBackAsync()
    {
        await Redis.StartAsync(Stop);
        await Eventually.TrueAsync<bool>("the gateway is connected again", async () =>
        {
            try
            {
                await Store.Database.PingAsync();
                return true;
            }
            catch (RedisException)
            {
                return null;
            }
        });
    }
}
