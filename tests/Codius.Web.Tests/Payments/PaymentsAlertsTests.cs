using Codius.Web.Hosting.Alerting;
using Codius.Web.Payments;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments;

/// <summary>When payments that are not credited, or turned away, are an alert, and when it is over.</summary>
public sealed class PaymentsAlertsTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
    private readonly PaymentsHealth _health;
    private readonly PaymentsAlerts _alerts;

    public PaymentsAlertsTests()
    {
        _health = new PaymentsHealth(Options.Create(new PaymentsOptions()), _time);
        _alerts = new PaymentsAlerts(_health);
    }

    private (string, AlertSeverity, string)? Found =>
        _alerts.Check().SingleOrDefault() is { } condition ? (condition.Rule.Id, condition.Severity, condition.Summary) : null;

    [Fact]
    public void Payments_that_are_credited_are_none()
    {
        Assert.Null(Found);
        _health.RecordPacket();
        _health.RecordCredit();
        Assert.Null(Found);
    }

    [Fact]
    public void Payments_that_are_not_credited_are_one_until_they_are_again()
    {
        _health.RecordStopped("the wallet's asset has changed");
        Assert.Equal(
            ("payments-stopped", AlertSeverity.Critical, "Payments are not credited: the wallet's asset has changed"), Found);

        _health.RecordPacket();
        _health.RecordRecovery();
        Assert.NotNull(Found);

        _health.RecordResumed();
        Assert.Null(Found);
    }

    [Fact]
    public void Payments_that_are_turned_away_are_one_until_one_is_credited()
    {
        for (var i = 0; i < 2; i++)
        {
            _health.RecordFailure("the host's wallet does not answer");
            Assert.Equal(
                ("payments-turned-away", AlertSeverity.Critical, "Payments are turned away: the host's wallet does not answer"), Found);

            _health.RecordCredit();
            Assert.Null(Found);
        }
    }

    [Fact]
    public void Of_both_the_one_that_the_owner_must_end_is_told()
    {
        _health.RecordFailure("the host's wallet does not answer");
        _health.RecordStopped("the wallet's asset has changed");
        Assert.Equal("payments-stopped", Found?.Item1);

        _health.RecordResumed();
        Assert.Null(Found);
    }
}
