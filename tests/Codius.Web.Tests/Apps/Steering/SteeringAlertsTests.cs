using Codius.Testing;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Tests.Hosting.Observability;

namespace Codius.Web.Tests.Apps.Steering;

/// <summary>What the host's owner is told of settings that cannot be read.</summary>
public sealed class SteeringAlertsTests
{
    private readonly FakeSteering _steering = new();
    private readonly SteeringAlerts _alerts;

    public SteeringAlertsTests() => _alerts = new SteeringAlerts(_steering);

    [Fact]
    public void What_can_be_read_is_none()
    {
        _steering.Set("blocked", AppSteering.None with { BlockedWords = "Bad." });

        Assert.Empty(_alerts.Check());
        Assert.Contains(("codius.apps.unreadable_settings", 0L), Measured.By(_alerts));
    }

    [Fact]
    public void An_app_that_is_blocked_for_what_cannot_be_read_is_named()
    {
        _steering.Set("hello", AppSteering.Unreadable);

        var condition = Assert.Single(_alerts.Check());
        Assert.Equal(("app-settings-unreadable", AlertSeverity.Critical, "hello"),
            (condition.Rule.Id, condition.Severity, condition.Subject));
        Assert.Contains("it is blocked", condition.Summary, StringComparison.Ordinal);
        Assert.Contains(("codius.apps.unreadable_settings", 1L), Measured.By(_alerts));
    }

    [Fact]
    public void Of_many_some_are_named_and_the_rest_is_counted()
    {
        for (var at = 0; at < 25; at++) _steering.Set($"app{at:00}", AppSteering.Unreadable);

        var conditions = _alerts.Check().ToList();

        Assert.Equal([.. Enumerable.Range(0, 20).Select(at => $"app{at:00}"), ""], conditions.Select(condition => condition.Subject));
        Assert.Equal("What you set for 5 more apps cannot be read.", conditions[^1].Summary);
    }
}
