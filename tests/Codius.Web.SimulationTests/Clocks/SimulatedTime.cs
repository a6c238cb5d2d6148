namespace Codius.Web.SimulationTests.Clocks;

/// <summary>The one true time of a simulation, in milliseconds, and the timers of all gateways in the order they are due.</summary>
internal sealed class SimulatedTime
{
    private readonly List<SimulatedTimer> _timers = [];
    private long _created;

    /// <summary>Milliseconds since 1970; begins at some time in 2026.</summary>
    public long Now { get; private set; } = 1_790_000_000_000;

    /// <summary>Moves to a time, stopping at each timer that is due before.</summary>
    /// <param name="until">The time to reach.</param>
    /// <param name="step">Runs after each stop.</param>
    public void PassUntil(long until, Action step)
    {
        while (NextTimer(until) is { } timer)
        {
            Now = Math.Max(Now, timer.Due);
            timer.Fire();
            step();
        }
        Now = until;
        step();
    }

    public void Add(SimulatedTimer timer)
    {
        timer.Number = ++_created;
        _timers.Add(timer);
    }

    public void Remove(SimulatedTimer timer) => _timers.Remove(timer);

    /// <summary>The timers of a gateway that is frozen or gone stay.</summary>
    private SimulatedTimer? NextTimer(long until) =>
        _timers.Where(timer => timer.Due <= until && timer.CanFire()).MinBy(timer => (timer.Due, timer.Number));
}

/// <summary>A timer of one gateway.</summary>
internal sealed class SimulatedTimer(SimulatedTime time, Func<bool> canFire, TimerCallback callback, object? state) : ITimer
{
    private long _period;

    public long Due { get; private set; } = long.MaxValue;

    public long Number { get; set; }

    public bool CanFire() => canFire();

    public void Fire()
    {
        Due = _period > 0 ? Math.Max(Due, time.Now - _period) + _period : long.MaxValue;
        callback(state);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Due = dueTime < TimeSpan.Zero ? long.MaxValue : time.Now + (long)Math.Ceiling(dueTime.TotalMilliseconds);
        _period = period <= TimeSpan.Zero ? 0 : (long)period.TotalMilliseconds;
        return true;
    }

    public void Dispose() => time.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
