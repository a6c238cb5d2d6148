namespace Codius.Web.Balances.Leases;

/// <summary>The units of a slice whose requests apps have, by the second in which they got them.</summary>
internal sealed class ForwardedReservations(long aSecond)
{
    private readonly Lock _gate = new(); // taken once a second, not once a visit
    private readonly Queue<ForwardedSecond> _seconds = new();
    private volatile ForwardedSecond? _current;

    /// <summary>The sum of their prices.</summary>
    public ulong Units
    {
        get
        {
            lock (_gate) return _seconds.Aggregate(0UL, (sum, second) => sum + second.Units);
        }
    }

    /// <summary>Adds a price; what is returned has it.</summary>
    public ForwardedSecond Add(ulong price, long now)
    {
        if (_current is { } current && now - current.Start < aSecond && current.TryAdd(price, now)) return current;
        lock (_gate)
        {
            if (_current is { } others && now - others.Start < aSecond && others.TryAdd(price, now)) return others;
            var second = new ForwardedSecond(now);
            second.TryAdd(price, now);
            _seconds.Enqueue(second);
            _current = second;
            return second;
        }
    }

    /// <summary>Ends the seconds whose last request was forwarded by then; returns the units that are left in them.</summary>
    public ulong Close(long latest)
    {
        lock (_gate)
        {
            var units = 0UL;
            while (_seconds.TryPeek(out var second) && second.Last <= latest) units += _seconds.Dequeue().Close();
            return units;
        }
    }
}
