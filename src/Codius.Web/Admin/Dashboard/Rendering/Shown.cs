using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>How the dashboard writes amounts and times.</summary>
internal static class Shown
{
    private const int Decimals = 2;
    private const int Digits = 3;

    /// <summary>
    /// An amount in a few digits: two decimals, or of less than one the first three digits that are not zero; cut, not rounded, so that
    /// nothing is shown that is not there.
    /// </summary>
    public static string Short(ulong units, Asset asset)
    {
        var text = asset.Format(units);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return Grouped(text);
        var (whole, rest) = (text[..point], text[(point + 1)..]);
        var length = whole == "0" ? rest.AsSpan().IndexOfAnyExcept('0') + Digits : Decimals;
        rest = rest[..Math.Min(rest.Length, length)].TrimEnd('0');
        // 0.5 is read as money when it is 0.50.
        if (rest.Length == 1 && asset.Scale >= Decimals) rest += "0";
        return rest.Length == 0 ? Grouped(whole) : $"{Grouped(whole)}.{rest}";
    }

    /// <summary>A sum as an amount: nothing, if more was given back than earned.</summary>
    public static ulong Clamp(Int128 sum) => (ulong)Int128.Clamp(sum, 0, ulong.MaxValue);

    /// <summary>The whole amount and its code.</summary>
    public static string Whole(ulong units, Asset asset) => $"{asset.Format(units)} {asset.Code}";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Ago(TimeSpan age) => age < TimeSpan.FromSeconds(5) ? "now" : Length(age);

    /// <summary>A time in its largest unit: 24 min, 3 h, 6 d.</summary>
    public static string Length(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => Number(time.TotalSeconds) + " s",
        { TotalHours: < 1 } => Number(time.TotalMinutes) + " min",
        { TotalHours: < 48 } => Number(time.TotalHours) + " h",
        _ => Number(time.TotalDays) + " d",
    };

    /// <summary>The share of a whole, in whole percent, cut.</summary>
    public static int Percent(ulong part, ulong whole) => whole == 0 ? 0 : (int)UInt128.Min((UInt128)part * 100 / whole, 999);

    /// <summary>One thing, or several: 1 app, 2 apps.</summary>
    public static string Count(long number, string one) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {one}{(number == 1 ? "" : "s")}";

    private static string Grouped(string whole) =>
        ulong.Parse(whole, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => Math.Floor(value).ToString("0", CultureInfo.InvariantCulture);
}
