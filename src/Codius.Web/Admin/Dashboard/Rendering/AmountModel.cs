using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>An amount as the dashboard shows it: in a few digits, and whole.</summary>
/// <param name="Brief">A few digits; nothing is rounded up.</param>
/// <param name="Text">The whole amount.</param>
/// <param name="Code">The asset's code.</param>
public sealed record AmountModel(string Brief, string Text, string Code)
{
    /// <summary>The whole amount and its code.</summary>
    public string Whole => $"{Text} {Code}";

    internal static AmountModel Of(ulong units, Asset asset) => new(Shown.Short(units, asset), asset.Format(units), asset.Code);
}
