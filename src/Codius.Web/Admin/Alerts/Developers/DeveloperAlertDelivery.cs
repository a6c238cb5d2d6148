using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Codius.Shared;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// Delivers messages to the webhooks of apps, to each app's in its order and one at a time, and tries again for about five hours. Those of
/// a gateway that ends are delivered by the one that follows.
/// </summary>
/// <remarks>
/// Strangers choose the webhooks. A slow one holds one of the places of all calls for five seconds, and then waits without a place for its
/// next try; each app and each host that is called has a rate; what is sent is small, and nothing of an answer is read. The alerts of the
/// host's owner have another queue and another client.
/// </remarks>
internal sealed partial class DeveloperAlertDelivery(
    [FromKeyedServices(DeveloperAlertDelivery.Audience)] WebhookClient client,
    [FromKeyedServices(DeveloperAlertDelivery.Audience)] HeldMessages held, AppAlertKeys keys, Supervisor supervisor, TimeProvider time,
    ILogger<DeveloperAlertDelivery> log)
    : SupervisedService(supervisor.Work("webhooks of developers"))
{
    /// <summary>The key of what is registered for the developers of apps.</summary>
    public const string Audience = "developers";

    /// <summary>How long one call may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Calls at a time.</summary>
    public const int AtOnce = 32;

    /// <summary>Messages of one app that wait.</summary>
    public const int MostWaiting = 6;

    /// <summary>Calls for one app: twenty an hour.</summary>
    public static readonly BucketRate PerApp = new(1, 10, Seconds: 180);

    /// <summary>Calls to one host, which many apps may name: 600 an hour.</summary>
    public static readonly BucketRate PerHost = new(1, 100, Seconds: 6);

    /// <summary>Calls for the apps of one owner to one host, so that an owner leaves room for others there: 60 an hour.</summary>
    public static readonly BucketRate PerOwner = new(1, 40, Seconds: 60);

    private const int Attempts = 13;

    /// <summary>How old a message may be with which another gateway goes on.</summary>
    private static readonly TimeSpan TriedFor = TimeSpan.FromHours(6);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>(
        "codius.alerts.developer_deliveries", "{message}",
        "Alerts to webhooks of apps' developers, by whether they were taken, tried again or given up.");

    private readonly TokenBuckets<string> _apps = new(time, PerApp.PerSecond, PerApp.Burst);
    private readonly TokenBuckets<string> _hosts = new(
        time, PerHost.PerSecond, PerHost.Burst, comparer: StringComparer.OrdinalIgnoreCase);
    private readonly TokenBuckets<(AccountId, string)> _owners = new(time, PerOwner.PerSecond, PerOwner.Burst);
    private readonly SemaphoreSlim _calls = new(AtOnce);
    private readonly SupervisedWork _deliveries = supervisor.Work("deliveries to developers");
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<Delivery>> _queues = new(StringComparer.Ordinal);

    // As many as there are apps with messages at most.
    private readonly Channel<string> _begun = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>The messages that wait, also in the store.</summary>
    public HeldMessages Held => held;

    /// <summary>Puts a message into the app's queue; of too many the oldest is given up. Nothing for an app without a webhook.</summary>
    public void Send(HostedApp app, AlertMessage message)
    {
        if (app is not { Alerts: { } alerts, Owner: { } owner })
        {
            message.SendTo([]);
            return;
        }
        message.SendTo([app.Name]);
        lock (_lock)
        {
            if (!_queues.TryGetValue(app.Name, out var queue))
            {
                _queues[app.Name] = queue = new Queue<Delivery>();
                _begun.Writer.TryWrite(app.Name);
            }
            queue.Enqueue(new Delivery(app.Name, owner, alerts.Webhook, message));
            if (queue.Count > MostWaiting) End(app.Name, queue.Dequeue().Message, "given up");
        }
    }

    /// <summary>Stores the messages that wait.</summary>
    /// <param name="find">Finds an app that has alerts; null for none, or one that has none any more.</param>
    /// <param name="takes">True to go on with those of gateways that have ended.</param>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async Task KeepAsync(Func<string, HostedApp?> find, bool takes)
    {
        foreach (var message in await held.KeepAsync(takes))
        {
            if (message.Left is not [var name, ..]) continue;
            if (time.GetUtcNow() - message.At < TriedFor && find(name) is { Alerts: not null, Owner: not null } app) Send(app, message);
            else End(name, message, "given up");
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await held.ReleaseAsync();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var app in _begun.Reader.ReadAllAsync(stoppingToken)) _ = DeliverAllAsync(app, stoppingToken);
    }

    public override void Dispose()
    {
        _calls.Dispose();
        base.Dispose();
    }

    // A delivery that throws is not tried again, and the app's next ones go on.
    private async Task DeliverAllAsync(string app, CancellationToken stopping)
    {
        while (!await _deliveries.TryAsync(() => DeliverAsync(app, stopping), stopping) && !stopping.IsCancellationRequested) { }
    }

    private async Task DeliverAsync(string app, CancellationToken stopping)
    {
        var pipeline = WebhookRetries.Of(Attempts, FirstWait, LongestWait, (_, _) => Count("retried"), time);
        while (Next(app) is { } delivery)
        {
            string? cause;
            try
            {
                cause = await pipeline.ExecuteAsync(async stop => await TryPostAsync(delivery, stop), stopping);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                End(app, delivery.Message, "given up");
                throw;
            }
            End(app, delivery.Message, cause is null ? "taken" : "given up");
            if (cause is not null) LogGivenUp(app, cause);
        }
    }

    /// <returns>Why it was not taken; null if it was.</returns>
    private async Task<string?> TryPostAsync(Delivery delivery, CancellationToken stopping)
    {
        if (!_apps.TryAcquire(delivery.App, PerApp, TimeSpan.Zero, out _)) return "Too many calls for one app.";
        var host = delivery.Webhook.IdnHost.TrimEnd('.');
        if (!_owners.TryAcquire((delivery.Owner, host), PerOwner, TimeSpan.Zero, out _)) return "Too many calls to one host for one owner.";
        if (!_hosts.TryAcquire(host, PerHost, TimeSpan.Zero, out _)) return "Too many calls to one host.";
        await _calls.WaitAsync(stopping);
        try
        {
            return await client.TryPostAsync(delivery.Webhook, keys.AllOf(delivery.App, delivery.Owner), delivery.Message, stopping);
        }
        finally
        {
            _calls.Release();
        }
    }

    private Delivery? Next(string app)
    {
        lock (_lock)
        {
            if (_queues[app].TryDequeue(out var next)) return next;
            _queues.Remove(app);
            return null;
        }
    }

    private static void End(string app, AlertMessage message, string outcome)
    {
        message.EndedAt(app);
        Count(outcome);
    }

    private static void Count(string outcome) => Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(LogLevel.Information, "The webhook of app {App}'s developer never took an alert: {Cause}")]
    private partial void LogGivenUp(string app, string cause);

    private sealed record Delivery(string App, AccountId Owner, Uri Webhook, AlertMessage Message);
}
