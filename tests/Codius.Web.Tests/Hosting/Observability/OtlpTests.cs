using System.Collections.Concurrent;
using System.Text;
using Codius.Testing;
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
