using System.Diagnostics.Metrics;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Payments;

/// <summary>
/// When any gateway of the host last credited a payment, written and read once a minute, and an alert if that is a day ago. A host that
/// was never paid, or not for two weeks, has none.
/// </summary>
internal sealed class LastPayment(RedisStore store, PaymentsHealth health, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("time of the last payment")), IAlertSource, IGauges
{
    public static AlertRule NoPayments { get; } = new("no-payments", TimeSpan.FromMinutes(5),
        "Pay an app of the host yourself; if it fails, see connectors, the host's wallet and certificates.");

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private long _at;

    /// <summary>Null if there was none for two weeks.</summary>
    public DateTimeOffset? At =>
        Volatile.Read(ref _at) is > 0 and var read && DateTimeOffset.FromUnixTimeMilliseconds(read) is var at
            && time.GetUtcNow() - at < Kept ? at : null;

    public void AddTo(Meter meter) => meter.CreateObservableGauge(
        "codius.payments.last",
        () => At is { } at ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1000.0)] : Array.Empty<Measurement<double>>(),
        "s", "When the host last credited a payment, in seconds since 1970; nothing if there was none for two weeks.");

    public IEnumerable<AlertCondition> Check()
    {
        if (At is { } at && time.GetUtcNow() - at >= Day)
            yield return new AlertCondition(NoPayments, AlertSeverity.Warning, "", $"The last payment was credited at {at:u}.");
    }

    /// <summary>Exchanges the time with the other gateways; of two that write at once, one is read a minute late.</summary>
    public async Task ExchangeAsync()
    {
        var database = store.Connection.GetDatabase();
        var here = health.LastCredit?.ToUnixTimeMilliseconds() ?? 0;
        var there = (long?)await database.StringGetAsync(BalanceKeys.LastPayment) ?? 0;
        if (here > there) await database.StringSetAsync(BalanceKeys.LastPayment, here, Kept);
        Volatile.Write(ref _at, Math.Max(here, there));
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Interval, time);
        do
        {
            // A store that is away is in its health.
            if (await StoreTrouble.TryAsync(ExchangeAsync)) Work.Succeeded();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
