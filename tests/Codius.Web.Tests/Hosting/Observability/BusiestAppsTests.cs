using System.Diagnostics.Metrics;
using Codius.Web.Apps;
using Codius.Web.Hosting.Observability;
using Codius.Web.Tests.Visits;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary>Which apps have metrics of their own.</summary>
public sealed class BusiestAppsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AppActivity _activity;
    private readonly BusiestApps _busiest;

    public BusiestAppsTests()
    {
        _activity = new AppActivity(_time);
        _busiest = new BusiestApps(_activity, Options.Create(new TelemetryOptions { BusiestApps = 2 }), _time);
    }

    [Fact]
    public void Those_with_the_most_requests_lately_are_chosen_and_counted_from_their_first()
    {
        Visit("a", 5);
        Visit("b", 3);
        Visit("c", 1);
        Assert.Equal([("a", 5), ("b", 3)], Read());

        Visit("c", 4);
        Visit("b", 1);
        Assert.Equal([("a", 5), ("b", 4)], Read());
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([("b", 4), ("c", 5)], Read());
    }

    [Fact]
    public void Open_requests_are_counted_too()
    {
        _activity.Begin(App("a"));
        Visit("a", 1);

        Assert.Equal(1, Assert.Single(_busiest.Read(app => app.Open)).Value);
    }

    [Fact]
    public void An_app_that_is_no_longer_among_them_has_no_series_any_more()
    {
        using var meter = new Meter($"a test {Guid.NewGuid()}");
        meter.CreateObservableCounter("visits", () => _busiest.Read(app => app.Begun));
        using var exporter = new Exporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name)
            .AddReader(new BaseExportingMetricReader(exporter)).Build();
        for (var minute = 0; minute < 50; minute++)
        {
            Visit($"a{minute}", 1);
            Visit($"b{minute}", 1);
            provider.ForceFlush();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["a49", "b49"], exporter.Apps.Order());
    }

    [Fact]
    public async Task A_gateway_measures_those_apps_alone()
    {
        await using var fixture = await VisitFixture.StartAsync(settings: ["Telemetry:BusiestApps=1"]);
        var activity = fixture.Activity;
        foreach (var name in new[] { "busy", "busy", "idle" })
        {
            activity.Begin(App(name));
            activity.End(App(name));
        }
        var gauges = (GatewayGauges)fixture.Gateway.Services.GetService(typeof(GatewayGauges))!;
        var measured = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == gauges.Meter && instrument.Name == "codius.app.visits") listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => measured.Add($"{tags[0].Value}={value}"));
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(["busy=2"], measured);
    }

    private (string, long)[] Read() =>
        [.. _busiest.Read(app => app.Begun).Select(measured => ((string)measured.Tags[0].Value!, measured.Value)).Order()];

    private void Visit(string name, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _activity.Begin(App(name));
            _activity.End(App(name));
        }
    }

    private sealed class Exporter : BaseExporter<Metric>
    {
        public List<string> Apps { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Apps.Clear();
            foreach (var metric in batch)
                foreach (ref readonly var point in metric.GetMetricPoints())
                    foreach (var tag in point.Tags)
                        Apps.Add((string)tag.Value!);
            return ExportResult.Success;
        }
    }

    private static HostedApp App(string name) => new(name, new string('a', 52), "an image");
}
