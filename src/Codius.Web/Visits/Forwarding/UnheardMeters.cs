using System.Diagnostics.Metrics;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Meters under a name that nothing collects: visits have metrics of their own, and the HTTP client's would cost each of them two more
/// records.
/// </summary>
internal sealed class UnheardMeters : IMeterFactory
{
    public static UnheardMeters Factory { get; } = new();

    public Meter Create(MeterOptions options) => new("Codius.Web.Unheard");

    public void Dispose()
    {
    }
}
