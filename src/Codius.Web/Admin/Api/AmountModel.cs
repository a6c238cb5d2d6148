using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>An amount.</summary>
/// <param name="Units">Whole units, as a decimal string.</param>
/// <param name="Text">The same in the host's asset, for people.</param>
internal sealed record AmountModel(string Units, string Text)
{
    public static AmountModel Of(ulong units, Asset asset) => new(units.ToString(CultureInfo.InvariantCulture), asset.Format(units));

    /// <summary>Sums of the whole host: their text is as exact as a person reads it.</summary>
    public static AmountModel Of(Int128 units, Asset asset)
    {
        var text = asset.Format((ulong)Int128.Min(Int128.Abs(units), ulong.MaxValue));
        return new AmountModel(units.ToString(CultureInfo.InvariantCulture), units < 0 ? "-" + text : text);
    }

    public static AmountModel? Of(ulong? units, Asset asset) => units is { } given ? Of(given, asset) : null;
}
