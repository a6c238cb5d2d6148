using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>What one bar of a plot covers, in units: what the host earned, which is what accounts spent, and what payers paid.</summary>
internal readonly record struct PlotBar(DateTimeOffset Start, ulong Earned, ulong Paid)
{
    public static PlotBar operator +(PlotBar bar, BookTotals line) => new(
        bar.Start, Shown.Clamp(bar.Earned + Earnings.Of(line)), Shown.Clamp((Int128)(bar.Paid + Earnings.PaidIn(line))));
}
