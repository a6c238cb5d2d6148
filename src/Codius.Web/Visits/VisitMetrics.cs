using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Codius.Web.Visits;

/// <summary>Counts visits by how they ended, and measures how long visitors waited for apps to wake.</summary>
internal sealed class VisitMetrics : IDisposable
{
    public const string MeterName = "Codius.Web";

    // Made once: a visit on the hot path must not build its tags.
    private static readonly TagList[] Uncharged = Tags("no");
    private static readonly TagList[] Charged = Tags("yes");

    private readonly Meter _meter;
    private readonly Counter<long> _visits;
    private readonly Histogram<double> _wakeWaits;

    public VisitMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _visits = _meter.CreateCounter<long>("codius.visits", "{visit}", "Visits by how they ended and whether they were charged.");
        _wakeWaits = _meter.CreateHistogram<double>("codius.wake.wait", "s", "How long held requests waited for their app to wake.");
    }

    public void Ended(Visit visit) => _visits.Add(1, (visit.Charged ? Charged : Uncharged)[(int)visit.Outcome]);

    public void Waited(TimeSpan wait) => _wakeWaits.Record(wait.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static TagList[] Tags(string charged) =>
        [.. Enum.GetNames<VisitOutcome>().Select(name => new TagList
        {
            { "outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(name) },
            { "charged", charged },
        })];
}
