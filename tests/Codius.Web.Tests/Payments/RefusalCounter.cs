using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Payments;

/// <summary>Counts what payments refused for one reason while it is there.</summary>
internal sealed class RefusalCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public RefusalCounter(string door, string reason)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.Name && instrument.Name == "codius.payments.refused") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var (there, why) = ("", "");
            foreach (var (name, tag) in tags) _ = name == "door" ? there = (string)tag! : why = (string)tag!;
            if (there == door && why == reason) Interlocked.Add(ref _count, value);
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
