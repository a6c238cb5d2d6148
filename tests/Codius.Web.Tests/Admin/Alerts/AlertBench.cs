using System.Text.Json;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Admin.Alerts;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts;

/// <summary>The alerts of one gateway, whose conditions and clock the test sets, with a real store and a real webhook.</summary>
internal sealed class AlertBench : IAlertSource, IAsyncDisposable
{
    private static readonly string Secret = "whsec_" + Convert.ToBase64String(new byte[32]);

    private readonly WebhookClient _client;
    private readonly AlertDelivery _delivery;

    public AlertBench(LedgerStore store, FakeTimeProvider time, params Uri[] webhooks)
    {
        Time = time;
        var options = new AlertOptions();
        foreach (var url in webhooks) options.Webhooks.Add(new AlertWebhook { Url = url, Secret = Secret });
        _client = new WebhookClient(insecure: true, TimeSpan.FromSeconds(30), time);
        var supervisor = new Supervisor(time, NullLogger<Supervisor>.Instance);
        var held = new HeldMessages(
            new StoredMessages(store.Store, BalanceKeys.AlertMessages(AlertDelivery.Audience), AlertDelivery.MostStored), time);
        _delivery = new AlertDelivery(_client, held, Options.Create(options), supervisor, time, NullLogger<AlertDelivery>.Instance);
        Watch = new AlertWatch(
            [this], new AlertMarks(store.Store), new ToldAlerts(store.Store), _delivery,
            new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://codius.test") })), Options.Create(options),
            supervisor, time);
    }

    public FakeTimeProvider Time { get; }

    public AlertWatch Watch { get; }

    /// <summary>What is wrong now.</summary>
    public List<AlertCondition> Wrong { get; } = [];

    /// <summary>Thrown by the check; null for none.</summary>
    public Exception? Trouble { get; set; }

    /// <summary>True for a gateway that ends without a step more.</summary>
    public bool Crashes { get; set; }

    public IEnumerable<AlertCondition> Check() => Trouble is null ? [.. Wrong] : throw Trouble;

    public Task StartDeliveryAsync() => _delivery.StartAsync(CancellationToken.None);

    /// <summary>Checks now and after each interval of so long a time.</summary>
    public async Task RunAsync(TimeSpan span)
    {
        await Watch.RoundAsync();
        for (var passed = TimeSpan.Zero; passed < span; passed += AlertWatch.Interval)
        {
            Time.Advance(AlertWatch.Interval);
            await Watch.RoundAsync();
        }
    }

    /// <summary>The types of the messages that a webhook has got, once they are so many.</summary>
    public static async Task<string[]> TypesAsync(WebhookServer server, int count)
    {
        await Eventually.TrueAsync($"{count} messages have come", () => server.Received.Count >= count);
        return [.. server.Received.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("type").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        if (!Crashes) await _delivery.StopAsync(CancellationToken.None);
        _delivery.Dispose();
        Watch.Dispose();
        _client.Dispose();
    }
}
