using System.Diagnostics.Metrics;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Payments;

/// <summary>Gauges and alerts while payments are not credited, or turned away.</summary>
internal sealed class PaymentsAlerts(PaymentsHealth health) : IAlertSource, IGauges
{
    public static AlertRule Stopped { get; } = new("payments-stopped", TimeSpan.FromMinutes(1),
        "Set what the message names: nothing is credited until then. What the wallet receives meanwhile is credited afterwards.");

    public static AlertRule TurnedAway { get; } = new("payments-turned-away", TimeSpan.FromMinutes(2),
        "See whether the host's wallet answers, and whether it still accepts the host; a connector that owes all it may must settle first; "
            + "the ledger has an alert of its own.");

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.payments.stopped", () => health.Stop is null ? 0 : 1, null,
            "1 while payments are not credited until the owner acts, else 0.");
        meter.CreateObservableGauge(
            "codius.payments.turned_away", () => health.Failure is null ? 0 : 1, null,
            "1 while the last payment was turned away for a reason on the host's side, else 0.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        if (health.Stop is { } stop)
            yield return new AlertCondition(Stopped, AlertSeverity.Critical, "", "Payments are not credited: " + stop);
        else if (health.Failure is { } failure)
            yield return new AlertCondition(TurnedAway, AlertSeverity.Critical, "", "Payments are turned away: " + failure);
    }
}
