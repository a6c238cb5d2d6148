using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Payments;

/// <summary>
/// Sums a counter of the gateway under some tags until disposed. Other tests' gateways use the same meter, so only "at least" can be
/// asserted.
/// </summary>
internal sealed class RefusalCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    /// <summary>The payments refused at one endpoint for one reason.</summary>
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

    /// <summary>Asserts that the sum is at least this.</summary>
    public void AssertAtLeast(long times) =>
        Assert.True(Interlocked.Read(ref _count) >= times, $"counted {Interlocked.Read(ref _count)} times instead of {times}");

    public void Dispose() => _listener.Dispose();
}
