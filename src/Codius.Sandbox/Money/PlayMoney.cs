using System.Globalization;

namespace Codius.Sandbox.Money;

/// <summary>Parses and formats amounts as decimal text; whole units inside, never a floating point number.</summary>
internal sealed class PlayMoney(SandboxSettings settings)
{
    public string Code => settings.AssetCode;

    public string Format(ulong units)
    {
        var digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(settings.AssetScale + 1, '0');
        var fraction = digits[^settings.AssetScale..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^settings.AssetScale] : $"{digits[..^settings.AssetScale]}.{fraction}";
    }

    /// <summary>The same, followed by the asset code.</summary>
    public string FormatWithCode(ulong units) => $"{Format(units)} {Code}";

    /// <summary>Reads text such as <c>0.25</c>; false unless it is a whole number of units above 0.</summary>
    public bool TryParse(string? text, out ulong units)
    {
        units = 0;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > 40) return false;
        var parts = text.Split('.');
        if (parts.Length > 2 || parts[0].Length == 0 || (parts.Length == 2 && parts[1].Length == 0)) return false;
        var fraction = parts.Length == 2 ? parts[1].TrimEnd('0') : "";
        return fraction.Length <= settings.AssetScale
            && ulong.TryParse(parts[0] + fraction.PadRight(settings.AssetScale, '0'), NumberStyles.None,
            CultureInfo.InvariantCulture, out units)
            && units is > 0 and <= long.MaxValue;
    }
}
