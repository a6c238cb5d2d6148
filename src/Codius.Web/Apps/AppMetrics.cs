using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Apps;

/// <summary>Counts what runners do. The app's name is not a label: there may be 100,000 of them.</summary>
internal sealed class AppMetrics
{
    private readonly Counter<long> _wakes = Telemetry.Meter.CreateCounter<long>("codius.apps.wakes", description: "Apps that were woken");
    private readonly Counter<long> _sleeps =
        Telemetry.Meter.CreateCounter<long>("codius.apps.sleeps", description: "Apps that were put to sleep");
    private readonly Counter<long> _failures =
        Telemetry.Meter.CreateCounter<long>("codius.apps.failures", description: "Starts that failed");

    public void Woken() => _wakes.Add(1);

    public void Slept() => _sleeps.Add(1);

    public void Failed() => _failures.Add(1);
}
