using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;

namespace Codius.Web.Payments.Streaming;

/// <summary>What connectors owe, as gauges, and as an alert before a connector's packets are rejected.</summary>
internal sealed class ConnectorAlerts(ConnectorDebts debts, Asset asset) : IAlertSource, IGauges
{
    public static AlertRule OwesMuch { get; } = new("connector-owes-much", TimeSpan.FromMinutes(1),
        "Get settled by the connector, then record it: Settle on its page of the dashboard, or POST "
            + "/admin/api/v1/connectors/{name}:settle.");

    private const ulong NearPercent = 80;
    private const ulong FullPercent = 95;

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.connector.owed",
            () => debts.All.Select(debt => new Measurement<double>(debt.Owed, [new("connector", debt.Name)])),
            "{unit}", "Units that a connector owes the host, as this gateway knows it: the same at all, but for the last second.");
        meter.CreateObservableGauge(
            "codius.connector.limit", () => (double)debts.Limit, "{unit}",
            "Units that a connector may owe; then its packets are rejected.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        foreach (var (connector, owed, _, _) in debts.All)
        {
            var percent = debts.Limit == 0 ? 0 : (ulong)((UInt128)owed * 100 / debts.Limit);
            if (percent < NearPercent) continue;
            yield return new AlertCondition(
                OwesMuch, percent < FullPercent ? AlertSeverity.Warning : AlertSeverity.Critical, connector,
                string.Create(CultureInfo.InvariantCulture,
                    $"Connector {connector} owes {asset.Format(owed)} {asset.Code}, {percent} percent of the most before its packets are ")
                    + "rejected.");
        }
    }
}
