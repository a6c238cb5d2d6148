namespace Codius.Web.Balances.Leases;

/// <summary>The visits that wait for an account's units, in their order. Guarded by the lock of its <see cref="AccountLease"/>.</summary>
internal sealed class WaitingVisits
{
    private readonly Queue<LeaseWaiter> _waiting = new();
    private volatile int _count;

    /// <summary>May be read without the lock.</summary>
    public bool IsEmpty => _count == 0;

    public LeaseWaiter Add(ulong price, long now)
    {
        var waiter = new LeaseWaiter(price, now);
        _waiting.Enqueue(waiter);
        _count = _waiting.Count;
        return waiter;
    }

    /// <summary>The first one whose client has not left.</summary>
    public LeaseWaiter? First()
    {
        while (_waiting.TryPeek(out var left) && left.IsDone) RemoveFirst();
        return _waiting.TryPeek(out var first) ? first : null;
    }

    public void RemoveFirst()
    {
        _waiting.Dequeue();
        _count = _waiting.Count;
    }

    /// <summary>The sum of their prices; from now on they are part of a request.</summary>
    public ulong Request()
    {
        var wanted = 0UL;
        foreach (var waiter in _waiting)
        {
            if (waiter.IsDone || waiter.Price > Hosting.Asset.MaxAmount - wanted) continue;
            wanted += waiter.Price;
            waiter.IsRequested = true;
        }
        return wanted;
    }

    /// <summary>Ends all, or those of which a request has shown that there is nothing for them.</summary>
    public void End(Reservation with, Func<LeaseWaiter, bool>? which = null)
    {
        for (var rounds = _waiting.Count; rounds > 0; rounds--)
        {
            var waiter = _waiting.Dequeue();
            if (which?.Invoke(waiter) ?? true) waiter.TryEnd(with);
            else _waiting.Enqueue(waiter);
        }
        _count = _waiting.Count;
    }
}
