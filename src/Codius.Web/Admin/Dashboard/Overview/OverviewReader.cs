using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>Reads what the overview shows.</summary>
internal sealed class OverviewReader(
    HostSummaryReader summaries, AppRows apps, IBooks books, VisitPulse pulse, AppVisits visits, IAppCatalog catalog, IAppRunner runner,
    Happenings happenings, IAlerts alerts, Asset asset, TimeProvider time)
{
    private const int AppsShown = 8;

    public async Task<OverviewModel> ReadAsync(CancellationToken cancellation)
    {
        var summary = await summaries.ReadAsync(cancellation);
        var dry = await apps.ReadAsync(new AppQuery(null, AppsShown, AppOrder.RunsDry), cancellation);
        return new OverviewModel(
            HealthModel.Of(summary.Parts, alerts.Current), await EarningsAsync(summary, cancellation), StatesOf(summary),
            DebtsModel.Of(summary.Connectors, asset),
            AppsTableModel.Of(dry!.Rows, asset, time.GetUtcNow()), await apps.CountDryAsync(cancellation),
            PulseModel.Of(pulse.Read()), BusiestModel.Of(visits.Busiest(AppsShown), visits.Since, catalog, runner),
            happenings.Newest, time.GetUtcNow());
    }

    private async ValueTask<EarningsModel> EarningsAsync(HostSummary summary, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var yesterday = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-1);
        // Whole hours, as the books have them: the hour of now counts in full.
        var hours = await books.ReadHostLinesAsync(BookStep.Hour, yesterday, now.AddDays(-1), cancellation);
        return new EarningsModel(asset)
        {
            Today = Shown.Clamp(summary.EarnedToday),
            YesterdayByNow = Shown.Clamp(hours.Aggregate(Int128.Zero, (sum, hour) => sum + Earnings.Of(hour.Totals))),
            SevenDays = Shown.Clamp(summary.Earned7Days),
            ThirtyDays = Shown.Clamp(summary.Earned30Days),
            PaidToday = Shown.Clamp((Int128)summary.PaidToday),
            Held = Shown.Clamp((Int128)summary.BalanceTotal),
        };
    }

    private static StatesModel StatesOf(HostSummary summary) => new(
        summary.AppsByState.GetValueOrDefault("awake"), summary.AppsByState.GetValueOrDefault("waking"),
        summary.AppsByState.GetValueOrDefault("failed"), summary.AppsByState.GetValueOrDefault("asleep"), summary.WaitingVisits);
}
