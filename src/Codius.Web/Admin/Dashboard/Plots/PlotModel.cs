using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>A plot on a page, and the table beside it.</summary>
/// <param name="Name">What it shows, for readers who do not see it.</param>
/// <param name="Data">The URL of its data.</param>
/// <param name="First">What the first series is called: the host earns what an app spends.</param>
/// <param name="HasPaid">What was paid in is drawn too; the table has it in any case.</param>
/// <param name="Range">The name of the time it shows.</param>
/// <param name="Unit">What one line of the table is.</param>
/// <param name="Code">The asset's code.</param>
/// <param name="Lines">The table, the newest first.</param>
public sealed record PlotModel(
    string Name, string Data, string First, bool HasPaid, string Range, string Unit, string Code, IReadOnlyList<PlotModel.Line> Lines)
{
    internal static PlotModel Of(
        string name, string data, string first, bool hasPaid, PlotRange range, IReadOnlyList<PlotBar> bars, Asset asset)
    {
        var isHours = range.Bar < TimeSpan.FromDays(1);
        return new PlotModel(
            name, data, first, hasPaid, range.Name, isHours ? "Hour" : range.Bar > TimeSpan.FromDays(1) ? "Week from" : "Day", asset.Code,
            [
                .. bars.Reverse().Select(bar => new Line(
                    isHours ? Shown.Minute(bar.Start) : Shown.Day(bar.Start), asset.Format(bar.Earned), asset.Format(bar.Paid))),
            ]);
    }

    /// <summary>What is shown instead while every bar is zero.</summary>
    public string Empty => HasPaid
        ? "It spent nothing in this time, and nothing was paid in."
        : "Nothing was earned in this time. You earn what apps spend: pay one, and visit it.";

    /// <summary>One line of the table.</summary>
    public sealed record Line(string Start, string First, string Paid);
}
