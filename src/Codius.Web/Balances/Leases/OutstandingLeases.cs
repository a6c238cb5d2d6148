namespace Codius.Web.Balances.Leases;

/// <summary>Bounds what this gateway holds in leases of all accounts together: the most that the host can lose by its crash.</summary>
internal sealed class OutstandingLeases(ulong most)
{
    private readonly Lock _gate = new();
    private ulong _outstanding;

    /// <summary>Units held now, and those being asked for.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _outstanding;
        }
    }

    /// <summary>Room for what is to be asked for: all of it, what is left if that is of use, or 0.</summary>
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

    /// <summary>Puts what is held of one account now in the place of what was held and asked for before.</summary>
    public void Replace(ulong before, ulong now)
    {
        lock (_gate) _outstanding = _outstanding - Math.Min(_outstanding, before) + now;
    }
}
