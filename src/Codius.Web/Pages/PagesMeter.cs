using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Pages;

/// <summary>Counts the requests that the pages' endpoints refused.</summary>
internal static class PagesMeter
{
    private static readonly Counter<long> Refusals =
        Telemetry.Meter.CreateCounter<long>(
            "codius.pages.refused", description: "Event streams and requests for balances refused, by endpoint and reason");

    /// <summary>A request was refused. Reasons are constants of this program, never a caller's text.</summary>
    public static void Refused(string endpoint, string reason) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("reason", reason));
}
