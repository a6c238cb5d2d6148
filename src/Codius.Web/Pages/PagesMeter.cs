using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Pages;

/// <summary>Counts what the pages' endpoints refused.</summary>
internal static class PagesMeter
{
    private static readonly Counter<long> Refusals =
        Telemetry.Meter.CreateCounter<long>(
            "codius.pages.refused", description: "Event streams and requests for balances refused, by endpoint and reason");

    /// <summary>Somebody was turned away. Reasons are words of this program, never a caller's.</summary>
    public static void Refused(string endpoint, string reason) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("reason", reason));
}
