using System.Globalization;
using Codius.Web.Balances;

namespace Codius.Web.Pages.Paying;

/// <summary>What an hour of ordinary use costs, and how long a balance lasts by that measure.</summary>
internal static class OrdinaryUse
{
    private const int LoadsPerHour = 10;

    /// <summary>An hour awake, and ten loads of a page with its assets.</summary>
    public static UInt128 PricePerHour(Prices prices) =>
        prices.PerRunningHour + ((UInt128)prices.PerRequest * (LoadsPerHour * PriceOptions.RequestsOfAPage));

    /// <summary>How long funds last, such as "about 3 hours"; null if they do not open the app, or if nothing costs anything.</summary>
    public static string? InWords(ulong funds, Prices prices)
    {
        var hour = PricePerHour(prices);
        if (hour == 0 || funds < prices.OpenAt) return null;
        var minutes = (double)((UInt128)funds * 60 / hour);
        return minutes switch
        {
            < 2 => "about a minute",
            < 10 => About(minutes, 1, "minutes"),
            < 50 => string.Create(CultureInfo.InvariantCulture, $"about {Math.Round(minutes / 5) * 5} minutes"),
            < 90 => "about an hour",
            < 22 * 60 => About(minutes, 60, "hours"),
            < 36 * 60 => "about a day",
            < 60 * 24 * 60 => About(minutes, 24 * 60, "days"),
            < 24 * 30.4 * 24 * 60 => About(minutes, 30.4 * 24 * 60, "months"),
            _ => About(minutes, 365 * 24 * 60, "years"),
        };
    }

    private static string About(double minutes, double unit, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"about {Math.Round(minutes / unit)} {name}");
}
