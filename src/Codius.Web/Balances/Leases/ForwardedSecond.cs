namespace Codius.Web.Balances.Leases;

/// <summary>Units of requests that apps got within one second, until all of them that are left are committed at once.</summary>
internal sealed class ForwardedSecond(long start)
{
    private const long Closed = -1;

    private long _units;
    private long _last = start;

    public long Start { get; } = start;

    /// <summary>When the last of them was forwarded.</summary>
    public long Last => Volatile.Read(ref _last);

    public ulong Units => (ulong)Math.Max(0, Volatile.Read(ref _units));

    public bool IsClosed => Volatile.Read(ref _units) == Closed;

    /// <summary>Adds a price; false once it is closed.</summary>
    public bool TryAdd(ulong price, long now)
    {
        // Two threads may leave the earlier of two times, a moment apart: it decides no more than when the second is closed.
        if (now > Last) Volatile.Write(ref _last, now);
        return TryChange((long)price);
    }

    /// <summary>Removes a price; false if it was committed when the second was closed.</summary>
    public bool TryRemove(ulong price) => TryChange(-(long)price);

    /// <summary>Returns the units that are to be committed: whoever comes to remove one of them later finds it closed.</summary>
    public ulong Close() => (ulong)Math.Max(0, Interlocked.Exchange(ref _units, Closed));

    private bool TryChange(long change)
    {
        for (var units = Volatile.Read(ref _units); units != Closed;)
        {
            var seen = Interlocked.CompareExchange(ref _units, units + change, units);
            if (seen == units) return true;
            units = seen;
        }
        return false;
    }
}
