using Codius.Web.Balances.Books;

namespace Codius.Web.SimulationTests.Checks;

/// <summary>What books had at the end of each hour in which something was booked, as the simulation saw it.</summary>
internal sealed class BookHours
{
    /// <summary>How long an hour of the books is, in milliseconds; so short that scenarios have many.</summary>
    public const long HourLength = 4_000;

    /// <summary>How many hours a day has.</summary>
    public const long OfDay = 3;

    public const long HoursKept = 3;

    public const long DaysKept = 4;

    private readonly SortedDictionary<long, BookTotals> _hours = [];

    public BookHours Clone()
    {
        var clone = new BookHours();
        foreach (var (hour, totals) in _hours) clone._hours[hour] = totals;
        return clone;
    }

    public void Record(BookTotals before, BookTotals now, long clock)
    {
        if (now != before) _hours[clock / HourLength] = now;
    }

    public void Clear() => _hours.Clear();

    /// <summary>Each hour that the books have is what was so, once; whatever crashed when it was kept.</summary>
    /// <param name="hours">Their hours.</param>
    /// <param name="days">Their days.</param>
    /// <param name="isWhole">True if none may be missing; those of dust end with it, and a crash may end them earlier.</param>
    public void Check(IReadOnlyList<BookSnapshot> hours, IReadOnlyList<BookSnapshot> days, bool isWhole)
    {
        CheckOrder(hours, 1);
        CheckOrder(days, OfDay);
        foreach (var snapshot in hours.Concat(days))
        {
            Rule.Holds(
                _hours.TryGetValue(snapshot.Hour, out var totals) && totals == snapshot.Since(BookSnapshot.Zero),
                "An hour of the books is what was booked by its end", $"{snapshot.Hour}: {totals}, {snapshot.Since(BookSnapshot.Zero)}");
        }
        if (isWhole && _hours.Count > 0) CheckWhole(hours, days);
    }

    private void CheckWhole(IReadOnlyList<BookSnapshot> hours, IReadOnlyList<BookSnapshot> days)
    {
        var latest = _hours.Keys.Last();
        var kept = hours.Select(snapshot => snapshot.Hour).ToHashSet();
        foreach (var day in _hours.Keys.Where(hour => hour != latest).GroupBy(hour => hour / OfDay))
        {
            // Of a day all hours are there, or its last one is the day.
            var isKept = day.All(kept.Contains);
            var isDay = !isKept && day.Max() <= latest - HoursKept && days.Any(snapshot => snapshot.Hour == day.Max());
            var isGone = day.Max() <= latest - DaysKept * OfDay && days.Count > 0 && days[0].Hour > day.Max();
            Rule.Holds(isKept || isDay || isGone, "No hour of the books is lost", $"{day.Key} at {latest}: {Text(hours)}; {Text(days)}");
        }
    }

    private static void CheckOrder(IReadOnlyList<BookSnapshot> snapshots, long step)
    {
        for (var i = 1; i < snapshots.Count; i++)
            Rule.Holds(
                snapshots[i - 1].Hour / step < snapshots[i].Hour / step, "An hour is in the books once, and in its order",
                $"{Text(snapshots)}");
    }

    private static string Text(IReadOnlyList<BookSnapshot> snapshots) => string.Join(' ', snapshots.Select(snapshot => snapshot.Hour));
}
