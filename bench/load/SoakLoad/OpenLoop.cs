using System.Diagnostics;

namespace SoakLoad;

/// <summary>Starts one piece of work after another at a fixed rate, 0 for none, whether or not the earlier ones have ended.</summary>
internal static class OpenLoop
{
    /// <summary>Runs until cancelled; what would exceed <paramref name="mostAtOnce"/> pieces at once is left out and counted.</summary>
    /// <returns>How many were left out.</returns>
    public static async Task<long> RunAsync(double perSecond, int mostAtOnce, Func<long, Task> work, CancellationToken cancellation)
    {
        if (perSecond <= 0) return 0;
        using var places = new SemaphoreSlim(mostAtOnce);
        var clock = Stopwatch.StartNew();
        long left = 0;
        for (long number = 0; !cancellation.IsCancellationRequested; number++)
        {
            var wait = TimeSpan.FromSeconds(number / perSecond) - clock.Elapsed;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (places.Wait(0, CancellationToken.None)) _ = RunOneAsync(number);
            else left++;
        }
        for (var place = 0; place < mostAtOnce; place++) await places.WaitAsync(CancellationToken.None);
        return left;

        async Task RunOneAsync(long number)
        {
            try
            {
                await Task.Yield();
                await work(number);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
