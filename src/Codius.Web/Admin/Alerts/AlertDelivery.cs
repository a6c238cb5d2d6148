using System.Diagnostics.Metrics;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Delivers messages to the webhooks, to each in its order and one at a time: one that is down is tried again for a day, while the newest
/// messages wait, critical ones rather than warnings. They are in memory: a gateway that ends forgets them, and one that sees the same
/// alert sends it anew.
/// </summary>
internal sealed partial class AlertDelivery(
    WebhookClient client, IOptions<AlertOptions> options, Supervisor supervisor, TimeProvider time, ILogger<AlertDelivery> log)
    : SupervisedService(supervisor.Work("webhooks of alerts"))
{
    public const int MostWaiting = 100;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>About a day, of which all but the first take the longest wait.</summary>
    private const int Attempts = 290;

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>(
        "codius.alerts.deliveries", "{message}", "Messages to webhooks, by whether they were taken, tried again or given up.");

    private readonly Queue[] _queues = [.. options.Value.Webhooks.Select(webhook => new Queue(webhook))];

    /// <summary>Puts a message into each webhook's queue; of too many the oldest warnings are given up.</summary>
    public void Send(AlertMessage message)
    {
        message.SendTo(_queues.Length);
        foreach (var queue in _queues)
        {
            if (queue.Messages.Add(message) is not { } givenUp) continue;
            givenUp.EndedOne();
            Count("given up");
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_queues.Select(queue => DeliverAsync(queue, stoppingToken)));

    private async Task DeliverAsync(Queue queue, CancellationToken stopping)
    {
        var pipeline = WebhookRetries.Of(Attempts, FirstWait, LongestWait, (attempt, cause) =>
        {
            Count("retried");
            // Not at each try of a day.
            if (attempt == 0) LogTried(queue.Webhook.Url!.Host, cause);
        }, time);
        while (true)
        {
            var message = await queue.Messages.TakeAsync(stopping);
            var cause = await pipeline.ExecuteAsync(
                async stop => await client.TryPostAsync(queue.Webhook, message, stop), stopping);
            message.EndedOne();
            Count(cause is null ? "taken" : "given up");
            if (cause is not null) LogGivenUp(queue.Webhook.Url!.Host, cause);
            Work.Succeeded();
        }
    }

    private static void Count(string outcome) => Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    // The host alone: the rest of a webhook's URL is often a secret.
    [LoggerMessage(LogLevel.Warning, "The webhook at {Host} did not take an alert, which is tried again for a day: {Cause}")]
    private partial void LogTried(string host, string cause);

    [LoggerMessage(LogLevel.Error, "The webhook at {Host} did not take an alert for a day, and never will: {Cause}")]
    private partial void LogGivenUp(string host, string cause);

    private sealed record Queue(AlertWebhook Webhook)
    {
        public WaitingMessages Messages { get; } = new(MostWaiting);
    }
}
