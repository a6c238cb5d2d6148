namespace Codius.Web.Hosting;

/// <summary>
/// Keeps each of many callers to a rate, in memory that never grows: one token bucket per slot of a fixed table, and a slot per hash.
/// Two callers whose hashes meet share a bucket; with 65,536 slots and a seed per process nobody can arrange that.
/// </summary>
internal sealed class RateTable
{
    private readonly TimeProvider _time;
    private readonly long _interval;
    private readonly long _burst;
    private readonly long[] _fullAgain;

    /// <param name="time">The clock.</param>
    /// <param name="perSecond">How many a second each caller may take for ever.</param>
    /// <param name="burst">How many a caller may take at once after a rest.</param>
    /// <param name="slots">Size of the table.</param>
    public RateTable(TimeProvider time, int perSecond, int burst, int slots = 65_536)
    {
        _time = time;
        _interval = Math.Max(1, time.TimestampFrequency / perSecond);
        _burst = _interval * burst;
        _fullAgain = new long[slots];
        Array.Fill(_fullAgain, time.GetTimestamp());
    }

    /// <summary>Takes one; if there is none, tells when there will be.</summary>
    public bool TryTake(int key, out TimeSpan retryAfter)
    {
        ref var slot = ref _fullAgain[(uint)key % (uint)_fullAgain.Length];
        while (true)
        {
            var now = _time.GetTimestamp();
            var seen = Volatile.Read(ref slot);
            var next = Math.Max(now, seen) + _interval;
            if (next - now > _burst)
            {
                retryAfter = _time.GetElapsedTime(now, next - _burst);
                return false;
            }
            if (Interlocked.CompareExchange(ref slot, next, seen) != seen) continue;
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }
}
