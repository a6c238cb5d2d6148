using System.Collections.Concurrent;
using System.Text;
using Codius.Testing;
using Codius.Web.Tests.Payments.HostWallet;
using Codius.Web.Tests.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary>What a collector receives by OTLP over HTTP.</summary>
public sealed partial class OtlpTests
{
    [Fact]
    public async Task A_collector_gets_metrics_traces_and_logs_with_the_services_name()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await CollectorAsync(received);

        await using (var fixture = await VisitFixture.StartAsync(
            settings: [$"Telemetry:OtlpEndpoint={collector.Urls.Single()}", "Telemetry:TraceRatio=1"]))
        {
            fixture.Apps.Set("hello", fixture.Address);
            LogLine(fixture.Gateway.Services.GetRequiredService<ILogger<OtlpTests>>());
            using var answer = await fixture.Client.GetAsync(new Uri(GatewayUnderTest.UrlOf("hello")), VisitFixture.Cancellation);
        }

        // What is left is sent when the gateway ends.
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], received.Keys.Order());
        Assert.All(received.Values, body => Assert.Contains("codius-web", body, StringComparison.Ordinal));
        Assert.Contains("codius.visits", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("a line of the log", received["/v1/logs"], StringComparison.Ordinal);
        Assert.Contains("forwarding", received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_standard_variables_name_the_collector_the_service_and_what_it_runs_on()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await CollectorAsync(received);

        await using var gateway = await GatewayProcess.StartAsync(["Telemetry:TraceRatio=1"], new Dictionary<string, string>
        {
            ["OTEL_SERVICE_NAME"] = "the-hosts-name",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=a-test,service.namespace=of-tests",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        using var answer = await gateway.Http.GetAsync(new Uri(GatewayUnderTest.UrlOf("no-app")), VisitFixture.Cancellation);

        // A gateway that is well has nothing to log.
        await Eventually.TrueAsync(
            "the signals are received", () => received.ContainsKey("/v1/metrics") && received.ContainsKey("/v1/traces"));
        Assert.All(received.Values, body =>
        {
            // In protobuf a tag and a length are between an attribute's name and its text.
            Assert.Matches(@"service\.name[\s\S]{4}the-hosts-name", body);
            Assert.Matches(@"deployment\.environment\.name[\s\S]{4}a-test", body);
            Assert.Matches(@"service\.namespace[\s\S]{4}of-tests", body);
            Assert.DoesNotMatch(@"service\.name[\s\S]{4}codius-web", body);
        });
    }

    [Fact]
    public async Task The_variable_of_one_signal_exports_that_one_alone()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await CollectorAsync(received);

        await using var gateway = await GatewayProcess.StartAsync(["Telemetry:TraceRatio=1"], new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{collector.Urls.Single()}/traces-alone",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
        });
        using var answer = await gateway.Http.GetAsync(new Uri(GatewayUnderTest.UrlOf("no-app")), VisitFixture.Cancellation);

        // The others, if they were exported, would have been before.
        await Eventually.TrueAsync("the trace is received", () => received.ContainsKey("/traces-alone"));
        Assert.Equal(["/traces-alone"], received.Keys);
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        });
        await collector.StartAsync();
        return collector;
    }

    [LoggerMessage(LogLevel.Warning, "a line of the log")]
    private static partial void LogLine(ILogger log);
}
