using System.Globalization;
using Codius.Web.Apps;
using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Visits;

/// <summary>Alerts when many more visits than in the hour before end with 402, or with an error of an app or of the host.</summary>
internal sealed class VisitAlerts(FailedVisits failed, TimeProvider time) : IAlertSource
{
    public static AlertRule ManyUnpaid { get; } = new("many-unpaid-visits", TimeSpan.FromMinutes(1),
        "See which apps ran out of money, and whether payments arrive: wallets, connectors and the ledger have alerts of their own.");

    public static AlertRule ManyErrors { get; } = new("many-failed-visits", TimeSpan.FromMinutes(1),
        "See which outcomes grew (codius_visits_total) and which apps fail: one busy app, or all because of the host.");

    /// <summary>What is compared with the time before.</summary>
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    /// <summary>At least one visit in so many must end so.</summary>
    private const int OneIn = 10;

    /// <summary>And so many times the share of the hour before.</summary>
    private const int Times = 3;

    /// <summary>
    /// And so many visits, now and in all of the hour before: on a quiet host a few are no spike, and after a start nothing is known of
    /// before.
    /// </summary>
    private const long Least = 50;

    // One each time it is checked, of an hour and the minutes before it.
    private readonly Queue<Sample> _samples = new();

    /// <summary>Counts all visits that ended; replaced in tests.</summary>
    public Func<long> CountAll { get; init; } = VisitMetrics.CountAll;

    public IEnumerable<AlertCondition> Check()
    {
        var now = Read();
        _samples.Enqueue(now);
        while (now.At - _samples.Peek().At > Now + Before) _samples.Dequeue();
        var first = _samples.Peek();
        var middle = _samples.First(sample => now.At - sample.At <= Now);
        if (IsSpike(now.Unpaid - middle.Unpaid, now.All - middle.All, middle.Unpaid - first.Unpaid, middle.All - first.All))
            yield return Of(ManyUnpaid, now.Unpaid - middle.Unpaid, now.All - middle.All, "with 402, not enough money");
        if (IsSpike(now.Errors - middle.Errors, now.All - middle.All, middle.Errors - first.Errors, middle.All - first.All))
            yield return Of(ManyErrors, now.Errors - middle.Errors, now.All - middle.All, "with an error of the app or the host");
    }

    // Whole numbers: the share now is at least 1/10 and three times the share before.
    private static bool IsSpike(long count, long all, long countBefore, long allBefore) =>
        count >= Least && allBefore >= Least && count * OneIn >= all && (Int128)count * allBefore >= (Int128)Times * countBefore * all;

    private static AlertCondition Of(AlertRule rule, long count, long all, string how) => new(rule, AlertSeverity.Warning, "",
        string.Create(CultureInfo.InvariantCulture, $"Of {all} visits in the last minutes {count} ended {how}."));

    private Sample Read() => new(time.GetUtcNow(), failed.Unpaid, failed.Errors, CountAll());

    private sealed record Sample(DateTimeOffset At, long Unpaid, long Errors, long All);
}
