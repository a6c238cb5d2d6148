using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Visits;

namespace Codius.Web.Tests.Deployment;

/// <summary>The rules of Prometheus say what the gateway's own alerts say.</summary>
public sealed partial class PrometheusRulesTests
{
    private static readonly string Tests = Path.Combine(Repository.Root, "tests/Codius.Web.Tests/Deployment/rules-tests.yaml");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_fires_when_it_should_and_only_then()
    {
        Assert.SkipWhen(PrometheusServer.Missing is not null, PrometheusServer.Missing ?? "");

        Assert.Equal("", await PrometheusServer.FailuresOfAsync(
            await PrometheusRules.ReadAsync(), await File.ReadAllTextAsync(Tests, Stop)));
    }

    [Fact]
    public async Task There_is_a_test_in_which_each_fires()
    {
        var tests = await File.ReadAllTextAsync(Tests, Stop);

        Assert.All(PrometheusRules.Alerts(await PrometheusRules.ReadAsync()), alert => Assert.Contains(
            $"ALERTS{{alertname=\"{alert.Name}\",severity=\"{alert.Severity ?? "warning"}\",alertstate=\"firing\"", tests,
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_alert_of_the_gateway_is_one_and_waits_as_long()
    {
        // Those of apps' developers are sent to them alone.
        var ofGateway = typeof(Gateway).Assembly.GetTypes().Where(type => type != typeof(DeveloperConditions))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(AlertRule))
            .Select(property => (AlertRule)property.GetValue(null)!);
        var alerts = PrometheusRules.Alerts(await PrometheusRules.ReadAsync());

        Assert.Equal(
            ofGateway.Select(rule => (rule.Id, rule.For)).Order(),
            alerts.Where(alert => alert.Rule is not null).Select(alert => (alert.Rule!, DurationOf(alert.For))).Distinct().Order());
        Assert.Equal(
            ["CodiusNoGateway", "CodiusAlertsNotChecked", "CodiusGatewayAlert"],
            alerts.Where(alert => alert.Rule is null).Select(alert => alert.Name));
    }

    [Fact]
    public async Task A_failed_visit_is_the_same_for_both()
    {
        var named = Outcomes().Matches(await PrometheusRules.ReadAsync())
            .SelectMany(match => match.Groups[1].Value.Split('|')).Distinct();

        Assert.Equal(VisitFailures.Errors.Select(VisitMetrics.NameOf).Order(), named.Order());
    }

    private static TimeSpan DurationOf(string text) =>
        int.Parse(text[..^1], CultureInfo.InvariantCulture) * (text[^1] == 'm' ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1));

    [GeneratedRegex("outcome=~\"([a-z_|]+)\"")]
    private static partial Regex Outcomes();
}
