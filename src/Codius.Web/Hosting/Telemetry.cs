using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Codius.Web.Hosting;

/// <summary>The gateway's meter, whose instruments appear at <c>/metrics</c>, and the source of its spans.</summary>
internal static class Telemetry
{
    public const string Name = "Codius.Web";

    public static string Version { get; } =
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static Meter Meter { get; } = new(Name);

    /// <summary>Has no listener unless <c>Telemetry:TraceRatio</c> is over 0.</summary>
    public static ActivitySource Source { get; } = new(Name, Version);
}
