using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary><c>Telemetry:RequestDurations</c>: the framework's durations of requests.</summary>
public sealed partial class RequestDurationsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task They_are_measured_only_where_they_are_turned_on(string isOn)
    {
        await using var gateway = await PayableGateway.StartAsync(settings: [$"Telemetry:RequestDurations={isOn}"]);
        using var answer = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(gateway.NewApp())), Stop);
        Assert.Equal(402, (int)answer.StatusCode);
        var metrics = "";
        // A duration is recorded after its answer; the exporter may answer with what it has just collected.
        await Eventually.TrueAsync<bool>("the visit is measured", async () =>
        {
            metrics = await gateway.Management.GetStringAsync("/metrics", Stop);
            var isThere = isOn == "true" ? OfVisit().IsMatch(metrics) : metrics.Contains("codius_visits_total{", StringComparison.Ordinal);
            return isThere ? true : null;
        });

        Assert.Equal(isOn == "true", metrics.Contains("http_server_request_duration_seconds", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^http_server_request_duration_seconds_count\{[^}]*http_response_status_code=""402""", RegexOptions.Multiline)]
    private static partial Regex OfVisit();
}
