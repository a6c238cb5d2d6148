using System.Diagnostics.Metrics;
using Codius.Testing;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Tests.Hosting.Observability;

public sealed class TelemetryRegistrationTests
{
    [Fact]
    public async Task What_each_visit_over_http2_would_add_to_has_no_listener()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var ofKestrel = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "Microsoft.AspNetCore.Server.Kestrel") ofKestrel.Add(instrument);
        };
        listener.Start();

        Assert.Contains(ofKestrel, instrument => instrument is { Name: "kestrel.active_connections", Enabled: true });
        var dropped = ofKestrel.Where(instrument => MetricViews.Dropped.Contains(instrument.Name)).ToList();
        Assert.Equal(MetricViews.Dropped, dropped.Select(instrument => instrument.Name).Distinct());
        Assert.DoesNotContain(dropped, instrument => instrument.Enabled);
    }
}
