using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Balances.Storage;

/// <summary>The ledger's state as gauges, and as alerts: no answer, money that a crash would lose, memory that ends.</summary>
internal sealed class LedgerAlerts(LedgerHealth health, OutstandingLeases leases, LiveGateways gateways) : IAlertSource, IGauges
{
    public static AlertRule Unavailable { get; } = new("ledger-unavailable", TimeSpan.FromSeconds(30),
        "Look at Redis: whether it runs, has memory and disk, and is a master. Visits are served from leases for a few seconds only.");

    public static AlertRule NotDurable { get; } = new("ledger-not-durable", TimeSpan.FromMinutes(1),
        "Set Redis as the message says: until then a crash of Redis can lose what was paid.");

    public static AlertRule MemoryEnds { get; } = new("ledger-memory", TimeSpan.FromMinutes(5),
        "Give Redis more memory and raise maxmemory. A full Redis takes no payments.");

    private const long NearPercent = 80;
    private const long FullPercent = 90;

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "codius.ledger.up", () => health.IsWorking ? 1 : 0, null, "1 while the ledger takes writes, else 0.");
        meter.CreateObservableGauge(
            "codius.ledger.durable",
            () => health.Durability is { } durability
                ? [new Measurement<int>(durability.Faults.Count == 0 ? 1 : 0)] : Array.Empty<Measurement<int>>(),
            null,
            "1 while the ledger's store keeps what it has answered, else 0; nothing until it is known.");
        meter.CreateObservableGauge(
            "codius.ledger.memory.used", () => Bytes(Durability.UsedMemory), "By",
            "Memory that Redis uses; nothing for the embedded store.");
        meter.CreateObservableGauge(
            "codius.ledger.memory.limit", () => Bytes(Durability.MaxMemory), "By",
            "Redis' maxmemory, 0 for none; nothing for the embedded store.");
        meter.CreateObservableGauge(
            "codius.leases.out", () => (double)leases.Total, "{unit}",
            "Units that this gateway leases: what the host can lose if it crashes.");
        meter.CreateObservableGauge(
            "codius.leases.limit", () => (double)leases.Most, "{unit}", "The most units that this gateway leases (Leases:MaxOut).");
        meter.CreateObservableGauge(
            "codius.gateways", () => gateways.Count, "{gateway}", "Gateways that serve this host, as this one knows.");
    }

    public IEnumerable<AlertCondition> Check()
    {
        if (!health.IsWorking)
            yield return new AlertCondition(Unavailable, AlertSeverity.Critical, "", $"The ledger takes no writes: {health.LastError}");
        if (health.Durability is not { } durability) yield break;
        if (durability.Faults.Count > 0)
            yield return new AlertCondition(NotDurable, AlertSeverity.Critical, "", string.Join(" ", durability.Faults));
        foreach (var (node, settings) in durability.Masters)
        {
            if (MemoryOf(node, settings) is { } condition) yield return condition;
        }
    }

    private static AlertCondition? MemoryOf(string node, IReadOnlyDictionary<string, object?> settings)
    {
        if (settings.GetValueOrDefault(Durability.UsedMemory) is not long used
            || settings.GetValueOrDefault(Durability.MaxMemory) is not long most) return null;
        var redis = node.Length == 0 ? "Redis" : "Redis " + node;
        if (most == 0)
            return new AlertCondition(MemoryEnds, AlertSeverity.Warning, node, $"{redis} has no bound on its memory (maxmemory).");
        if ((UInt128)used * 100 < (UInt128)most * NearPercent) return null;
        return new AlertCondition(
            MemoryEnds, (UInt128)used * 100 < (UInt128)most * FullPercent ? AlertSeverity.Warning : AlertSeverity.Critical, node,
            string.Create(CultureInfo.InvariantCulture, $"{redis} uses {used} of the {most} bytes it may (maxmemory)."));
    }

    // Of a cluster each master has its own.
    private IEnumerable<Measurement<long>> Bytes(string setting) =>
        from master in health.Durability?.Masters ?? []
        let bytes = master.Settings.GetValueOrDefault(setting) as long?
        where bytes is not null
        select master.Node.Length == 0 ? new Measurement<long>(bytes.Value) : new(bytes.Value, [new("node", master.Node)]);
}
