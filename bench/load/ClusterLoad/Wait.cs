using System.Diagnostics;

namespace ClusterLoad;

/// <summary>Waits before a measurement, and sorts the results.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task UntilAsync(Func<bool> isSo, TimeSpan? step = null) => UntilAsync(() => Task.FromResult(isSo()), step);

    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? step = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(step ?? TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            if (watch.Elapsed > Patience) throw new TimeoutException("What was waited for did not come.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>A percentile by its nearest rank.</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Ceiling(sorted.Length * percent / 100) - 1];
    }
}
