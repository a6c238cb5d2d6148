using System.Collections.Concurrent;

namespace Codius.Testing;

/// <summary>A clock on which each wait is over at once: it jumps to its end, and remembers how long it was.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private long _ticks = System.GetUtcNow().UtcTicks;

    /// <summary>All waits so far.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => _waits;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > TimeSpan.Zero)
        {
            _waits.Enqueue(dueTime);
            Advance(dueTime);
            callback(state);
        }
        return new Over();
    }

    private sealed class Over : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
