using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Delivers messages to the webhooks, to each in its order and one at a time: one that is down is tried again for a day, while the newest
/// messages wait, critical ones rather than warnings. Those of a gateway that ends are delivered by the one that follows, to the webhooks
/// that are left.
/// </summary>
internal sealed partial class AlertDelivery(
    WebhookClient client, [FromKeyedServices(AlertDelivery.Audience)] HeldMessages held, IOptions<AlertOptions> options,
    Supervisor supervisor, TimeProvider time, ILogger<AlertDelivery> log)
    : SupervisedService(supervisor.Work("webhooks of alerts"))
{
    public const int MostWaiting = 100;

    /// <summary>Messages in the store, of all gateways: as a rule they are the same for all webhooks.</summary>
    public const int MostStored = 2 * MostWaiting;

    /// <summary>The key of what is registered for the host's owner.</summary>
    public const string Audience = "host";

    private static readonly TimeSpan TriedFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>About a day, of which all but the first take the longest wait.</summary>
    private const int Attempts = 290;

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>(
        "codius.alerts.deliveries", "{message}", "Messages to webhooks, by whether they were taken, tried again or given up.");

    private readonly Queue[] _queues = [.. options.Value.Webhooks.Select(webhook => new Queue(webhook))];

    /// <summary>The messages that wait, also in the store.</summary>
    public HeldMessages Held => held;

    /// <summary>The webhooks, without what is secret of their URLs.</summary>
    public IEnumerable<string> Webhooks => _queues.Select(queue => queue.Id);

    /// <summary>Puts a message into the queue of each webhook that is left; of too many the oldest warnings are given up.</summary>
    public void Send(AlertMessage message)
    {
        // One that is no longer in the settings.
        foreach (var gone in message.Left.Except(Webhooks)) message.EndedAt(gone);
        var left = message.Left.ToHashSet(StringComparer.Ordinal);
        foreach (var queue in _queues.Where(queue => left.Contains(queue.Id)))
        {
            if (queue.Messages.Add(message) is { } givenUp) End(queue, givenUp, "given up");
        }
    }

    /// <summary>Stores the messages that wait, and goes on with those of gateways that have ended.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task KeepAsync()
    {
        foreach (var message in await held.KeepAsync())
        {
            if (time.GetUtcNow() - message.At < TriedFor) Send(message);
            else GiveUp(message);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await held.ReleaseAsync();
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
            string? cause;
            try
            {
                cause = await pipeline.ExecuteAsync(async stop => await client.TryPostAsync(queue.Webhook, message, stop), stopping);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // Unforeseen: the loop starts anew with the next message.
                End(queue, message, "given up");
                throw;
            }
            End(queue, message, cause is null ? "taken" : "given up");
            if (cause is not null) LogGivenUp(queue.Webhook.Url!.Host, cause);
            Work.Succeeded();
        }
    }

    private static void End(Queue queue, AlertMessage message, string outcome)
    {
        message.EndedAt(queue.Id);
        Count(outcome);
    }

    private static void GiveUp(AlertMessage message)
    {
        foreach (var webhook in message.Left)
        {
            message.EndedAt(webhook);
            Count("given up");
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
        public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Webhook.Url!.AbsoluteUri)))[..16];

        public WaitingMessages Messages { get; } = new(MostWaiting);
    }
}
