namespace Codius.Web.SimulationTests.Clocks;

/// <summary>The clocks of one gateway: its wall clock can jump, its monotonic one cannot.</summary>
internal sealed class GatewayClock(SimulatedTime time, Func<bool> isRunning) : TimeProvider
{
    /// <summary>How far the wall clock is ahead, in milliseconds.</summary>
    public long Ahead { get; set; }

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(time.Now + Ahead);

    public override long GetTimestamp() => time.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(time, isRunning, callback, state);
        timer.Change(dueTime, period);
        time.Add(timer);
        return timer;
    }
}
