namespace Codius.Web.Hosting.Supervision;

/// <summary>
/// Timers of background rounds that fire together, whenever each was started: an idle gateway then wakes up once for all of them, and
/// their calls share a write to the store.
/// </summary>
internal static class SharedTicks
{
    /// <summary>Ticks at each multiple of the period of the monotonic clock.</summary>
    public static PeriodicTimer Every(TimeSpan period, TimeProvider time) => new(period, new AlignedTime(time));

    /// <summary>Calls back at each of them.</summary>
    public static ITimer Call(Action callback, TimeSpan period, TimeProvider time) =>
        new AlignedTime(time).CreateTimer(static callback => ((Action)callback!)(), callback, period, period);

    // The runtime's timers keep their phase.
    private sealed class AlignedTime(TimeProvider time) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var now = time.GetElapsedTime(0, time.GetTimestamp());
            return time.CreateTimer(callback, state, period - TimeSpan.FromTicks(now.Ticks % period.Ticks), period);
        }
    }
}
