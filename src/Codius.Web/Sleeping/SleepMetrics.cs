using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Sleeping;

/// <summary>Counts what this flow decides and bills.</summary>
internal static class SleepMetrics
{
    private static readonly Counter<long> Decisions = Telemetry.Meter.CreateCounter<long>("codius.sleeping.decisions", description: "Awake apps put to sleep, by reason");
    private static readonly Counter<long> RunningUnits = Telemetry.Meter.CreateCounter<long>("codius.sleeping.running_units", description: "Units taken for running time");

    public static void Decided(SleepReason reason) =>
        Decisions.Add(1, new KeyValuePair<string, object?>("reason", reason == SleepReason.Idle ? "idle" : "out-of-funds"));

    // An account holds at most 2^63 - 1.
    public static void Billed(ulong units) => RunningUnits.Add((long)units);
}
