using System.Diagnostics.Metrics;
using System.Text.Json;
using Codius.Web.Hosting;

namespace Codius.Web.Visits;

/// <summary>Counts visits by outcome, and measures how long requests waited for apps to wake.</summary>
internal static class VisitMetrics
{
    private static readonly string[] Names = [.. Enum.GetNames<VisitOutcome>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    // Two for each outcome: the uncharged and the charged. A visit adds to one of them, and they are read when metrics are collected.
    private static readonly long[] Counts = new long[Names.Length * 2];

    // Up to the longest wait of ColdStart:Timeout; by default the first is five seconds long, in which most wakes are over.
    private static readonly Histogram<double> WakeWaits = Telemetry.Meter.CreateHistogram(
        "codius.wake.wait", "s", "How long held requests waited for their app to wake.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60] });

#pragma warning disable IDE0052 // It is the meter that reads it.
    private static readonly ObservableCounter<long> Visits = Telemetry.Meter.CreateObservableCounter(
        "codius.visits", Read, "{visit}", "Visits by how they ended and whether they were charged.");
#pragma warning restore IDE0052

    public static void Ended(Visit visit) => Interlocked.Increment(ref Counts[((int)visit.Outcome * 2) + (visit.Charged ? 1 : 0)]);

    public static void Waited(TimeSpan wait) => WakeWaits.Record(wait.TotalSeconds);

    /// <summary>The name of an outcome in metrics and in the access log.</summary>
    public static string NameOf(VisitOutcome outcome) => Names[(int)outcome];

    /// <summary>All visits that ended, in this process.</summary>
    public static long CountAll()
    {
        var all = 0L;
        for (var at = 0; at < Counts.Length; at++) all += Volatile.Read(ref Counts[at]);
        return all;
    }

    private static IEnumerable<Measurement<long>> Read()
    {
        for (var at = 0; at < Counts.Length; at++)
        {
            if (Volatile.Read(ref Counts[at]) is > 0 and var count)
                yield return new(count, new("outcome", Names[at / 2]), new("charged", at % 2 == 1 ? "yes" : "no"));
        }
    }
}
