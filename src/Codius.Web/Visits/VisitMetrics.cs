using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Codius.Web.Hosting;

namespace Codius.Web.Visits;

/// <summary>Counts visits by outcome, and measures how long requests waited for apps to wake.</summary>
internal static class VisitMetrics
{
    // Built once: the hot path must not allocate tags.
    private static readonly TagList[] Uncharged = Tags("no");
    private static readonly TagList[] Charged = Tags("yes");

    private static readonly Counter<long> Visits =
        Telemetry.Meter.CreateCounter<long>("codius.visits", "{visit}", "Visits by how they ended and whether they were charged.");

    private static readonly Histogram<double> WakeWaits =
        Telemetry.Meter.CreateHistogram<double>("codius.wake.wait", "s", "How long held requests waited for their app to wake.");

    public static void Ended(Visit visit) => Visits.Add(1, (visit.Charged ? Charged : Uncharged)[(int)visit.Outcome]);

    public static void Waited(TimeSpan wait) => WakeWaits.Record(wait.TotalSeconds);

    private static TagList[] Tags(string charged) =>
        [.. Enum.GetNames<VisitOutcome>().Select(name => new TagList
        {
            { "outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(name) },
            { "charged", charged },
        })];
}
