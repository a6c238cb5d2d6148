using System.Collections.Concurrent;
using Codius.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Resilience;

/// <summary>A clock that a test advances, and that records which waits have begun.</summary>
internal sealed class StoppedClock : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // A time-out is created without a due time and gets one later; all others are waits.
        if (dueTime > TimeSpan.Zero) _waits.Enqueue(dueTime);
        return timer;
    }

    /// <summary>Ends the next wait that begins, and returns its length.</summary>
    public async Task<TimeSpan> PassAsync()
    {
        var wait = await Eventually.TrueAsync("something waits", () =>
            Task.FromResult(_waits.TryDequeue(out var begun) ? begun : (TimeSpan?)null));
        Advance(wait);
        return wait;
    }
}
