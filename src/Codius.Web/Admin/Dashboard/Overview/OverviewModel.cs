using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>What the overview shows.</summary>
public sealed record OverviewModel(
    HealthModel Health, EarningsModel Earnings, StatesModel States, DebtsModel Debts, AppsTableModel Apps,
    IReadOnlyList<Happening> Happenings, DateTimeOffset Now);
