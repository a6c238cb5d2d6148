using System.Globalization;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>Converts decimal text of the host's asset to whole units and back, without floating point.</summary>
internal sealed class Asset(string code, int scale)
{
    /// <summary>The most an account can hold, in units: 2^63 - 1.</summary>
    public const ulong MaxAmount = long.MaxValue;

    public Asset(IOptions<HostOptions> host) : this(host.Value.AssetCode, host.Value.AssetScale)
    {
    }

    public string Code { get; } = code;

    public int Scale { get; } = scale;

    /// <summary>Parses text such as <c>0.00001</c>; false unless it is a whole number of units from 0 to <see cref="MaxAmount"/>.</summary>
    public bool TryParse(string? text, out ulong units)
    {
        units = 0;
        if (string.IsNullOrEmpty(text)) return false;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        if (whole.Length == 0 || (point >= 0 && point == text.Length - 1) || fraction.Length > Scale) return false;
        return ulong.TryParse(whole + fraction.PadRight(Scale, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out units)
            && units <= MaxAmount;
    }

    /// <summary>The units of a text that was validated at start.</summary>
    public ulong Units(string text) =>
        TryParse(text, out var units) ? units
            : throw new InvalidOperationException($"'{text}' passed the settings' validation but is not an amount");

    /// <summary>Writes units as decimal text without trailing zeros: 10000 units at scale 9 are <c>0.00001</c>.</summary>
    public string Format(ulong units)
    {
        var digits = units.ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var fraction = digits[^Scale..].TrimEnd('0');
        return fraction.Length == 0 ? digits[..^Scale] : $"{digits[..^Scale]}.{fraction}";
    }
}
