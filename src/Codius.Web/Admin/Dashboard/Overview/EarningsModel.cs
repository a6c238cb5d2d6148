using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Overview;

/// <summary>What the host earned, in units; days are those of UTC.</summary>
public sealed record EarningsModel
{
    private readonly Asset _asset;

    internal EarningsModel(Asset asset) => _asset = asset;

    public required ulong Today { get; init; }

    /// <summary>What it had earned yesterday at about this time of day.</summary>
    public required ulong YesterdayByNow { get; init; }

    public required ulong SevenDays { get; init; }

    public required ulong ThirtyDays { get; init; }

    public required ulong PaidToday { get; init; }

    /// <summary>What the apps still have: the host holds it for them.</summary>
    public required ulong Held { get; init; }

    /// <summary>Today is not behind yesterday.</summary>
    public bool IsUp => Today >= YesterdayByNow;

    public AmountModel Of(ulong units) => AmountModel.Of(units, _asset);

    /// <summary>Today beside yesterday, in words; null where that says nothing.</summary>
    public string? Trend => (Today, YesterdayByNow) switch
    {
        (0, 0) => null,
        (_, 0) => "nothing yesterday by now",
        _ when Today == YesterdayByNow => "the same as yesterday by now",
        _ when Today > YesterdayByNow => $"{Shown.Percent(Today - YesterdayByNow, YesterdayByNow)} % more than yesterday by now",
        _ => $"{Shown.Percent(YesterdayByNow - Today, YesterdayByNow)} % less than yesterday by now",
    };
}
