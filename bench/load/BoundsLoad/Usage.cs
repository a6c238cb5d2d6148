using System.Diagnostics;
using System.Globalization;

namespace BoundsLoad;

/// <summary>What this process holds and uses.</summary>
/// <param name="Heap">Bytes of the heap after a full collection.</param>
/// <param name="Resident">Bytes of the whole process.</param>
internal readonly record struct Usage(long Heap, long Resident)
{
    public static Usage Now()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    /// <summary>The share of one core that this process uses in a time without requests.</summary>
    public static async Task<double> IdleAsync(TimeSpan time)
    {
        using var process = Process.GetCurrentProcess();
        var (start, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await Task.Delay(time, TimeProvider.System);
        process.Refresh();
        return (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start);
    }

    public string Since(Usage before, int count) => string.Create(CultureInfo.InvariantCulture,
        $"{(Heap - before.Heap) / 1024.0 / count:0.0} KiB | {(Resident - before.Resident) / 1024.0 / count:0.0} KiB");
}
