namespace Codius.Web.Balances.Books;

/// <summary>Makes the lines of the books of their snapshots.</summary>
internal static class BookLines
{
    private const int HoursOfDay = 24;

    /// <summary>The lines that start within the time.</summary>
    /// <param name="snapshots">Oldest first. The first may be from before the time: the next ones are counted from it.</param>
    /// <param name="step">How long they are.</param>
    /// <param name="from">The first start.</param>
    /// <param name="until">No start is as late.</param>
    /// <param name="before">What was before the first.</param>
    public static List<BookLine> Of(
        IReadOnlyList<BookSnapshot> snapshots, BookStep step, DateTimeOffset from, DateTimeOffset until, BookSnapshot before)
    {
        var lines = new List<BookLine>();
        foreach (var last in step == BookStep.Day ? LastOfDays(snapshots) : snapshots)
        {
            var start = step == BookStep.Day ? last.Start.AddHours(-(last.Hour % HoursOfDay)) : last.Start;
            if (start >= from && start < until) lines.Add(new BookLine(start, last.Since(before)));
            before = last;
        }
        return lines;
    }

    /// <summary>In their order: what was written by a clock that was ahead is superseded by what came after it.</summary>
    public static List<BookSnapshot> InOrder(IReadOnlyList<BookSnapshot> snapshots)
    {
        var ordered = new List<BookSnapshot>(snapshots.Count);
        for (var i = snapshots.Count - 1; i >= 0; i--)
            if (ordered.Count == 0 || snapshots[i].Hour < ordered[^1].Hour)
                ordered.Add(snapshots[i]);
        ordered.Reverse();
        return ordered;
    }

    private static IEnumerable<BookSnapshot> LastOfDays(IReadOnlyList<BookSnapshot> snapshots)
    {
        for (var i = 0; i < snapshots.Count; i++)
            if (i == snapshots.Count - 1 || snapshots[i + 1].Hour / HoursOfDay > snapshots[i].Hour / HoursOfDay)
                yield return snapshots[i];
    }
}
