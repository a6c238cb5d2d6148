using System.Diagnostics.Metrics;

namespace Codius.Web.Hosting;

/// <summary>The one meter all rooms of the gateway count on; what is counted on it appears at <c>/metrics</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Codius.Web";

    public static Meter Meter { get; } = new(Name);
}
