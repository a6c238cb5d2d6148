using Codius.Web.Hosting.Alerting;

namespace Codius.Web.Payments;

/// <summary>Alerts while payments are not credited, or turned away.</summary>
internal sealed class PaymentsAlerts(PaymentsHealth health) : IAlertSource
{
    public static AlertRule Stopped { get; } = new("payments-stopped", TimeSpan.FromMinutes(1),
        "Set what the message names: nothing is credited until then. What the wallet receives meanwhile is credited afterwards.");

    public static AlertRule TurnedAway { get; } = new("payments-turned-away", TimeSpan.FromMinutes(2),
        "See whether the host's wallet answers, and whether it still accepts the host; the ledger has an alert of its own.");

    public IEnumerable<AlertCondition> Check()
    {
        if (health.Stop is { } stop)
            yield return new AlertCondition(Stopped, AlertSeverity.Critical, "", "Payments are not credited: " + stop);
        else if (health.Failure is { } failure)
            yield return new AlertCondition(TurnedAway, AlertSeverity.Critical, "", "Payments are turned away: " + failure);
    }
}
