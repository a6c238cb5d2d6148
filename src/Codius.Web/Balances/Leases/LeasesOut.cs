namespace Codius.Web.Balances.Leases;

/// <summary>Bounds what this gateway holds of all accounts together: the most the host can lose by its crash.</summary>
internal sealed class LeasesOut(ulong most)
{
    private readonly Lock _gate = new();
    private ulong _out;

    /// <summary>Units held now, and those being asked for.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _out;
        }
    }

    /// <summary>Room for what is to be asked for: all of it, what is left if that is of use, or 0.</summary>
    public ulong Take(ulong wanted, ulong least)
    {
        lock (_gate)
        {
            var room = most - Math.Min(most, _out);
            var taken = room < least ? 0 : Math.Min(room, wanted);
            _out += taken;
            return taken;
        }
    }

    /// <summary>Puts what is held of one account now in the place of what was held and asked for before.</summary>
    public void Replace(ulong before, ulong now)
    {
        lock (_gate) _out = _out - Math.Min(_out, before) + now;
    }
}
