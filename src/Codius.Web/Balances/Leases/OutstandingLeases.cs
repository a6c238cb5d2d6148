namespace Codius.Web.Balances.Leases;

/// <summary>Bounds what this gateway leases of all accounts together: the most that the host can lose if it crashes.</summary>
internal sealed class OutstandingLeases(ulong most)
{
    private readonly Lock _gate = new();
    private ulong _outstanding;

    public ulong Most => most;

    /// <summary>Units leased now, and those being requested.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _outstanding;
        }
    }

    /// <summary>
    /// Reserves room for a request: all of <paramref name="wanted"/>, what is left if at least <paramref name="least"/>, or 0.
    /// </summary>
    public ulong Reserve(ulong wanted, ulong least)
    {
        lock (_gate)
        {
            var room = most - Math.Min(most, _outstanding);
            var reserved = room < least ? 0 : Math.Min(room, wanted);
            _outstanding += reserved;
            return reserved;
        }
    }

    /// <summary>
    /// Reserves room for visits to come, in the first half only: whatever other accounts hold ahead, visits that wait find the second half.
    /// </summary>
    public ulong ReserveAhead(ulong ahead)
    {
        lock (_gate)
        {
            var reserved = Math.Min(ahead, most / 2 - Math.Min(most / 2, _outstanding));
            _outstanding += reserved;
            return reserved;
        }
    }

    /// <summary>Replaces what was leased and requested of one account by what is leased now.</summary>
    public void Replace(ulong before, ulong now)
    {
        lock (_gate) _outstanding = _outstanding - Math.Min(_outstanding, before) + now;
    }
}
