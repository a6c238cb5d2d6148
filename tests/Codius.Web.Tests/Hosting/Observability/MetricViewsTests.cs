using System.Diagnostics.Metrics;
using Codius.Testing;
using Codius.Web.Hosting.Observability;
using Codius.Web.Tests.Payments;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary>Which series the metrics have.</summary>
public sealed class MetricViewsTests
{
    [Theory]
    [InlineData("System.Net.Http", "server.address")]
    [InlineData("System.Net.NameResolution", "dns.question.name")]
    public void However_many_others_the_gateway_calls_the_series_stay_the_same(string meter, string whom)
    {
        var points = Measure(meter, count: 1_000, at => [new(whom, $"wallet{at}.example"), new("error.type", "timeout")]);

        var (tags, times) = Assert.Single(points);
        Assert.Equal(["error.type=timeout"], tags);
        Assert.Equal(1_000, times);
    }

    [Fact]
    public void No_instrument_has_more_series_than_the_bound_and_none_of_its_measurements_is_lost()
    {
        var points = Measure("a meter", count: 1_000, at => [new("by", at)]);

        Assert.Equal(MetricViews.MostSeries + 1, points.Count);
        Assert.Contains(points, point => point.Tags.SequenceEqual(["otel.metric.overflow=True"]));
        Assert.Equal(1_000, points.Sum(point => point.Times));
    }

    [Fact]
    public async Task A_scrape_does_not_say_whom_the_gateway_called()
    {
        await using var app = await CountedApp.StartAsync();
        await using var gateway = await PayableGateway.StartAsync();
        // Every client of this process is measured.
        using var client = new HttpClient();
        using var called = await client.GetAsync(app.Address, TestContext.Current.CancellationToken);

        var page = await gateway.Management.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        var ofCalls = page.Split('\n').Where(line => line.StartsWith("http_client_", StringComparison.Ordinal)).ToList();
        Assert.Contains(ofCalls, line => line.StartsWith("http_client_request_duration_seconds_count", StringComparison.Ordinal));
        Assert.DoesNotContain(ofCalls, line => line.Contains("server_", StringComparison.Ordinal));
    }

    private static List<(string[] Tags, long Times)> Measure(
        string name, int count, Func<int, KeyValuePair<string, object?>[]> tagsOf)
    {
        using var meter = new Meter(name);
        var instrument = meter.CreateHistogram<double>($"a test {Guid.NewGuid():N}".Replace(' ', '.'), "s");
        using var exporter = new Exporter(instrument.Name);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(name).AddView(MetricViews.Of)
            .AddReader(new BaseExportingMetricReader(exporter)).Build();
        for (var at = 0; at < count; at++) instrument.Record(1, tagsOf(at));
        provider.ForceFlush();
        return exporter.Points;
    }

    private sealed class Exporter(string name) : BaseExporter<Metric>
    {
        public List<(string[] Tags, long Times)> Points { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            Points.Clear();
            foreach (var metric in batch)
            {
                if (metric.Name != name) continue;
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    var tags = new List<string>();
                    foreach (var tag in point.Tags) tags.Add($"{tag.Key}={tag.Value}");
                    Points.Add(([.. tags], point.GetHistogramCount()));
                }
            }
            return ExportResult.Success;
        }
    }
}
