using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Admin.Reading;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>What the overview shows.</summary>
public sealed record OverviewModel(
    HealthModel Health, EarningsModel Earnings, StatesModel States, DebtsModel Debts, AppsTableModel Apps, DryApps Dry,
    PulseModel Pulse, BusiestModel Busiest, IReadOnlyList<Happening> Happenings, DateTimeOffset Now);
