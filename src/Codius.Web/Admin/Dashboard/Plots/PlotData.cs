using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>The JSON that a plot is drawn from.</summary>
/// <param name="Step">Seconds of one bar.</param>
/// <param name="Code">The asset's code.</param>
/// <param name="Times">The starts of the bars, in seconds since 1970.</param>
/// <param name="Series">What is drawn.</param>
internal sealed record PlotData(int Step, string Code, IReadOnlyList<long> Times, IReadOnlyList<PlotData.Line> Series)
{
    public static PlotData Of(PlotRange range, IReadOnlyList<PlotBar> bars, string first, bool paid, Asset asset) => new(
        (int)range.Bar.TotalSeconds, asset.Code, [.. bars.Select(bar => bar.Start.ToUnixTimeSeconds())],
        [
            Line.Of(first, bars.Select(bar => bar.Earned), asset),
            .. paid ? [Line.Of("paid in", bars.Select(bar => bar.Paid), asset)] : (Line[])[],
        ]);

    /// <summary>One series: values for the heights of bars, which are pixels, and the amounts as text.</summary>
    internal sealed record Line(string Label, IReadOnlyList<double> Values, IReadOnlyList<string> Texts)
    {
        public static Line Of(string label, IEnumerable<ulong> units, Asset asset)
        {
            string[] texts = [.. units.Select(asset.Format)];
            return new Line(label, [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))], texts);
        }
    }
}
