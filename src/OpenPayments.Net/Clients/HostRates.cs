namespace OpenPayments.Net.Clients;

/// <summary>
/// Outbound rate limit per host, since a client chooses the host that its keys are fetched from: one token bucket per slot of
/// a table of fixed size.
/// </summary>
internal sealed class HostRates(TimeProvider time)
{
    private const int PerSecond = 20;
    private const int Burst = 200;

    private readonly long _interval = time.TimestampFrequency / PerSecond;
    private readonly long[] _fullAgain = new long[4096];

    /// <summary>Takes one token for a request to a host; false if none is left.</summary>
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
