using System.Diagnostics.Metrics;

namespace Codius.Web.Hosting.Observability;

/// <summary>The gauges of this one gateway, on a meter that ends with it.</summary>
internal sealed class GatewayGauges(IEnumerable<IGauges> gauges) : IHostedService, IDisposable
{
    // Of the same name as the meter of all counters; a test runs several gateways in one process, each with its own.
    public Meter Meter { get; } = new(Telemetry.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var gauge in gauges) gauge.AddTo(Meter);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => Meter.Dispose();
}

/// <summary>Gauges of one part, read from its memory: quick, and without an exception.</summary>
internal interface IGauges
{
    void AddTo(Meter meter);
}
