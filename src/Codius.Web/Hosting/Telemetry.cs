using System.Diagnostics.Metrics;

namespace Codius.Web.Hosting;

/// <summary>The gateway's meter; its instruments appear at <c>/metrics</c>.</summary>
internal static class Telemetry
{
    public const string Name = "Codius.Web";

    public static Meter Meter { get; } = new(Name);
}
