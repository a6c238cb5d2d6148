namespace Codius.Testing;

/// <summary>Waits for what a test needs to be so and says what it was when it never came.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(string reason, Func<bool> isSo, TimeSpan? patience = null) =>
        TrueAsync<bool>(reason, () => Task.FromResult(isSo() ? true : (bool?)null), patience);

    public static async Task<T> TrueAsync<T>(string reason, Func<Task<T?>> look, TimeSpan? patience = null) where T : struct
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(start) > (patience ?? Patience))
                throw new TimeoutException($"Took too long waiting until {reason}");
            // Nothing announces what is waited for here, so it is looked at again and again.
            using var timer = new PeriodicTimer(Step, TimeProvider.System);
            await timer.WaitForNextTickAsync();
        }
    }
}
