using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Dashboard.Plots;

/// <summary>How much time a plot shows, and what one of its bars is.</summary>
/// <param name="Name">In URLs.</param>
/// <param name="Words">For people.</param>
/// <param name="Step">The lines of the books it is made of.</param>
/// <param name="Bar">What one bar covers.</param>
/// <param name="Bars">How many there are; the last one is of now.</param>
internal sealed record PlotRange(string Name, string Words, BookStep Step, TimeSpan Bar, int Bars)
{
    public static PlotRange Month { get; } = new("month", "30 days", BookStep.Day, TimeSpan.FromDays(1), 30);

    public static IReadOnlyList<PlotRange> All { get; } =
    [
        new("day", "24 hours", BookStep.Hour, TimeSpan.FromHours(1), 24), Month,
        new("year", "a year", BookStep.Day, TimeSpan.FromDays(7), 52),
    ];

    public static PlotRange Of(string? name) => All.FirstOrDefault(range => range.Name == name) ?? Month;

    /// <summary>The start of the first bar: hours and days are those of UTC, and the last week ends today.</summary>
    public DateTimeOffset From(DateTimeOffset now)
    {
        var unit = Step == BookStep.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var end = new DateTimeOffset(now.UtcTicks - now.UtcTicks % unit.Ticks, TimeSpan.Zero) + unit;
        return end - Bar * Bars;
    }
}
