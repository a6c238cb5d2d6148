namespace Codius.Web.Payments.Streaming;

/// <summary>What one connector owes for packets that were fulfilled and not yet settled, as far as this gateway knows.</summary>
internal sealed class ConnectorDebt
{
    private readonly Lock _gate = new();
    private ulong _booked;
    private ulong _unbooked;
    private ulong _underway;
    private bool _refused;
    private Booking? _booking;

    /// <summary>All of it, packets under way included.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _booked + _unbooked + _underway;
        }
    }

    /// <summary>Makes room for a packet that is being credited; false if the connector would owe more than the limit.</summary>
    public bool TryBegin(ulong amount, ulong limit)
    {
        lock (_gate)
        {
            var total = _booked + _unbooked + _underway;
            if (total > limit || amount > limit - total)
            {
                _refused = true;
                return false;
            }
            _underway += amount;
            return true;
        }
    }

    /// <summary>The packet was fulfilled, and is owed; or it was not.</summary>
    public void End(ulong amount, bool fulfilled)
    {
        lock (_gate)
        {
            _underway -= amount;
            if (fulfilled) _unbooked += amount;
        }
    }

    /// <summary>
    /// What is to be written to the books next; until <see cref="Booked"/> the same again, since its id makes a repeat change nothing.
    /// An amount of 0 only asks whether the connector has settled meanwhile, at another gateway.
    /// </summary>
    public Booking? NextBooking()
    {
        lock (_gate)
        {
            if (_booking is null && (_unbooked > 0 || _refused)) _booking = new Booking(Guid.NewGuid().ToString("N"), _unbooked);
            _refused = false;
            return _booking;
        }
    }

    /// <summary>The books say what all gateways together have written so far, and have this booking of ours in it.</summary>
    public void Booked(ulong total, Booking? booking = null)
    {
        lock (_gate)
        {
            _booked = total;
            if (booking is null || booking != _booking) return; // another asker was told the same before
            _unbooked -= booking.Amount;
            _booking = null;
        }
    }

    /// <summary>An amount on its way into the books.</summary>
    internal sealed record Booking(string Id, ulong Amount);
}
