using System.Diagnostics.Metrics;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary>What the gauges of a part measure now.</summary>
internal static class Measured
{
    /// <summary>Name and value, in the order of the names.</summary>
    public static List<(string Name, long Value)> By(IGauges gauges)
    {
        using var meter = new Meter($"a test {Guid.NewGuid()}");
        var measured = new List<(string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == meter) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured.Add((instrument.Name, value)));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured.Add((instrument.Name, value)));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured.Add((instrument.Name, (long)value)));
        listener.Start();
        gauges.AddTo(meter);
        listener.RecordObservableInstruments();
        measured.Sort();
        return measured;
    }
}
