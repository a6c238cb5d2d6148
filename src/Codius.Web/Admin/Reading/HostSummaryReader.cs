using Codius.Web.Apps;
using Codius.Web.Apps.Load;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Admin.Reading;

/// <summary>Reads the host at a glance; one reading is for all who ask within two seconds.</summary>
internal sealed class HostSummaryReader(
    HealthCheckService health, IAppCatalog catalog, IAppRunner runner, HostLoad load, IBooks books,
    ConnectorRows connectors, WalletRows wallets, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private (HostSummary Summary, long At)? _last;

    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<HostSummary> ReadAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Fresh) return last.Summary;
            var summary = await ReadNowAsync(cancellation);
            _last = (summary, time.GetTimestamp());
            return summary;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>How the API and the dashboard call a state of health.</summary>
    public static string StateName(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "good",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };

    private async ValueTask<HostSummary> ReadNowAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.Year, now.Month, now.Day, 0, 0, 0, TimeSpan.Zero);
        var report = await health.CheckHealthAsync(cancellation);
        var totals = await books.ReadHostTotalsAsync(cancellation);
        var onHand = await load.ReadAsync();
        var days = await books.ReadHostLinesAsync(BookStep.Day, today.AddDays(-29), now, cancellation);
        Int128 EarnedSince(DateTimeOffset from) => days.Where(day => day.Start >= from)
            .Aggregate(Int128.Zero, (sum, day) => sum + Earnings.Of(day.Totals));
        var states = new Dictionary<string, int>(StringComparer.Ordinal) { ["asleep"] = 0, ["waking"] = 0, ["awake"] = 0, ["failed"] = 0 };
        foreach (var app in catalog.Current.Named) states[AppRows.StateName(runner.StateOf(app))]++;
        return new HostSummary(
            StateName(report.Status),
            [
                .. report.Entries.Select(part => new HealthPart(part.Key, StateName(part.Value.Status), part.Value.Description,
                    HealthResults.Since(part.Value.Data), HealthResults.LastError(part.Value.Data) ?? part.Value.Exception?.Message)),
            ],
            states, totals.Credited - Math.Min(totals.Credited, totals.Spent), onHand.Leased, onHand.Waiting,
            EarnedSince(today), EarnedSince(today.AddDays(-6)), EarnedSince(today.AddDays(-29)),
            days.Where(day => day.Start >= today).Aggregate(UInt128.Zero, (sum, day) => sum + Earnings.PaidIn(day.Totals)),
            await connectors.ReadAsync(cancellation), await wallets.ReadAsync(cancellation));
    }
}
