namespace OpenPayments.Net.Clients;

/// <summary>
/// Keeps questions to each of many hosts to a rate, in memory that never grows: one token bucket per slot of a fixed table.
/// Whoever asks for grants chooses whom we ask for keys, so that nobody must be able to make us knock at a stranger's door all day.
/// </summary>
internal sealed class HostRates(TimeProvider time)
{
    private const int PerSecond = 20;
    private const int Burst = 200;

    private readonly long _interval = time.TimestampFrequency / PerSecond;
    private readonly long[] _fullAgain = new long[4096];

    /// <summary>Takes one question to a host; false if there were too many.</summary>
    public bool TryTake(string host)
    {
        ref var slot = ref _fullAgain[(uint)string.GetHashCode(host, StringComparison.OrdinalIgnoreCase) % (uint)_fullAgain.Length];
        while (true)
        {
            var (now, seen) = (time.GetTimestamp(), Volatile.Read(ref slot));
            // The first time a slot is used it is full, whatever the clock began with.
            var next = (seen == 0 ? now : Math.Max(now, seen)) + _interval;
            if (next - now > _interval * Burst) return false;
            if (Interlocked.CompareExchange(ref slot, next, seen) == seen) return true;
        }
    }
}
