using System.Diagnostics.Metrics;
using Codius.Web.Apps;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Visits;

/// <summary>The visits that wait for apps, and the traffic of the busiest apps.</summary>
internal sealed class VisitGauges(IWaitingVisits waiting, BusiestApps busiest) : IGauges
{
    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.visits.waiting", () => waiting.Total, "{visit}", "Visits that wait for an app to wake.");
        meter.CreateObservableCounter(
            "codius.app.visits", () => busiest.Read(static app => app.Begun), "{visit}",
            "Visits that could pay, of each of the busiest apps at this gateway (Telemetry:BusiestApps).");
        meter.CreateObservableGauge(
            "codius.app.open", () => busiest.Read(static app => (long)app.Open), "{visit}",
            "Open requests and sockets of each of the busiest apps at this gateway.");
    }
}
