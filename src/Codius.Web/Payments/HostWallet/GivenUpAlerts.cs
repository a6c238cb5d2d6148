using System.Diagnostics.Metrics;
using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Payments.HostWallet;

/// <summary>An alert for a week after a payment at the host's wallet was given up; read once a minute.</summary>
internal sealed class GivenUpAlerts(HostWalletState state, GivenUpPayments kept, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("payments that were given up")), IAlertSource, IGauges
{
    public static AlertRule GivenUp { get; } = new("payment-given-up", TimeSpan.Zero,
        "GET /admin/api/v1/wallets lists them. Look at the host's wallet what each received, and adjust its account by that.");

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shown = TimeSpan.FromDays(7);

    private volatile IReadOnlyList<GivenUpPayment> _read = [];

    public void AddTo(Meter meter) => meter.CreateObservableGauge(
        "codius.wallet.lost", () => Newest().Count, "{payment}",
        "Payments at the host's wallet that were given up in the last seven days: money that accounts may lack.");

    public IEnumerable<AlertCondition> Check()
    {
        var newest = Newest();
        if (newest.Count == 0) yield break;
        yield return new AlertCondition(GivenUp, AlertSeverity.Critical, "", string.Create(CultureInfo.InvariantCulture,
            $"{newest.Count} payments at the host's wallet were given up, the last at {newest[0].At:u} for {newest[0].Account}: ")
                + newest[0].Why);
    }

    /// <summary>Reads them from the store.</summary>
    public async Task ReadAsync()
    {
        try
        {
            _read = await kept.ReadAsync();
            Work.Succeeded();
        }
        catch (LedgerUnavailableException)
        {
            // The ledger has an alert of its own; what was read holds.
        }
    }

    private List<GivenUpPayment> Newest()
    {
        var since = time.GetUtcNow() - Shown;
        return [.. _read.Where(payment => payment.At >= since)];
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!state.IsMode) return;
        using var timer = SharedTicks.Every(Interval, time);
        do
        {
            await ReadAsync();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
