using System.Collections.Frozen;
using System.Globalization;

namespace Codius.Web.Apps.Load;

/// <summary>What a gateway, or all of them together, have on hand now.</summary>
/// <param name="Waiting">Requests that wait for apps to wake.</param>
/// <param name="Leased">Units that are leased, and those being requested.</param>
/// <param name="ByApp">Those requests by app; of more than <see cref="MostApps"/> the rest is in the sum alone.</param>
internal sealed record GatewayLoad(int Waiting, ulong Leased, IReadOnlyDictionary<string, int> ByApp)
{
    /// <summary>How many apps a gateway writes.</summary>
    public const int MostApps = 1_000;

    public static GatewayLoad None { get; } = new(0, 0, FrozenDictionary<string, int>.Empty);

    public bool IsNone => Waiting == 0 && Leased == 0;

    public static GatewayLoad operator +(GatewayLoad one, GatewayLoad other)
    {
        if (other.IsNone) return one;
        var byApp = new Dictionary<string, int>(one.ByApp, StringComparer.Ordinal);
        foreach (var (app, waiting) in other.ByApp) byApp[app] = byApp.GetValueOrDefault(app) + waiting;
        var leased = UInt128.Min((UInt128)one.Leased + other.Leased, ulong.MaxValue);
        return new GatewayLoad(one.Waiting + other.Waiting, (ulong)leased, byApp);
    }

    /// <summary>Its stored form: a line with the sums, then one for each app.</summary>
    public string ToText() => string.Join('\n', ByApp.Take(MostApps)
        .Select(app => string.Create(CultureInfo.InvariantCulture, $"{app.Key} {app.Value}"))
        .Prepend(string.Create(CultureInfo.InvariantCulture, $"{Waiting} {Leased}")));

    /// <summary>Parses the stored form; what a gateway of another version writes differently is left out.</summary>
    public static GatewayLoad Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines[0].Split(' ') is not [var all, var units]
            || !int.TryParse(all, NumberStyles.None, CultureInfo.InvariantCulture, out var waiting)
            || !ulong.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out var leased)) return None;
        var byApp = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in lines.AsSpan(1))
        {
            if (line.Split(' ') is [var app, var count]
                && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var here)) byApp[app] = here;
        }
        return new GatewayLoad(waiting, leased, byApp);
    }
}
