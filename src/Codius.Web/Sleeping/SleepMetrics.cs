using System.Diagnostics.Metrics;
using System.Text.Json;
using Codius.Web.Hosting;

namespace Codius.Web.Sleeping;

/// <summary>Counts decisions to put apps to sleep; the ledger counts what running time costs, with a wake's first interval.</summary>
internal static class SleepMetrics
{
    private static readonly Counter<long> Decisions =
        Telemetry.Meter.CreateCounter<long>("codius.sleeping.decisions", description: "Awake apps put to sleep, by reason");

    public static void Decided(SleepReason reason) =>
        Decisions.Add(1, new KeyValuePair<string, object?>("reason", JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString())));
}
