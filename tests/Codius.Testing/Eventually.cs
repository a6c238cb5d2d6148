namespace Codius.Testing;

/// <summary>Polls until a condition holds; the exception names the condition that never did.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(string reason, Func<bool> condition, TimeSpan? patience = null) =>
        TrueAsync<bool>(reason, () => Task.FromResult(condition() ? true : (bool?)null), patience);

    public static async Task<T> TrueAsync<T>(string reason, Func<Task<T?>> probe, TimeSpan? patience = null) where T : struct
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(start) > (patience ?? Patience))
                throw new TimeoutException($"Took too long waiting until {reason}");
            // Nothing signals these conditions, so they are polled.
            using var timer = new PeriodicTimer(Interval, TimeProvider.System);
            await timer.WaitForNextTickAsync();
        }
    }
}
