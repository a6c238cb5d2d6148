using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Payments;

/// <summary>
/// Counts what a counter of the gateway counts under some tags while it is there. Other tests' gateways count on the same meter: only "at
/// least" can be said.
/// </summary>
internal sealed class RefusalCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    /// <summary>What payments refused at one endpoint for one reason.</summary>
    public RefusalCounter(string endpoint, string reason, string instrument = "codius.payments.refused")
        : this(instrument, ("endpoint", endpoint), ("reason", reason))
    {
    }

    public RefusalCounter(string instrument, params (string Name, string Value)[] tags)
    {
        _listener.InstrumentPublished = (found, listener) =>
        {
            if (found.Meter.Name == Telemetry.Name && found.Name == instrument) listener.EnableMeasurementEvents(found);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, measured, _) =>
        {
            foreach (var (name, tag) in measured)
                if (tags.Any(wanted => wanted.Name == name && wanted.Value != (string)tag!)) return;
            Interlocked.Add(ref _count, value);
        });
        _listener.Start();
    }

    /// <summary>It was counted so often, or more.</summary>
    public void AssertAtLeast(long times) =>
        Assert.True(Interlocked.Read(ref _count) >= times, $"counted {Interlocked.Read(ref _count)} times instead of {times}");

    public void Dispose() => _listener.Dispose();
}
