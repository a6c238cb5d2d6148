namespace Codius.Web.Payments.Streaming;

/// <summary>One connector's debt: packets fulfilled and not yet settled, as far as this gateway knows.</summary>
internal sealed class ConnectorDebt
{
    private readonly Lock _gate = new();
    private ulong _booked;
    private ulong _unbooked;
    private ulong _inFlight;
    private bool _refused;
    private Booking? _booking;
    private long _sequence;

    /// <summary>The whole debt, packets in flight included.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _booked + _unbooked + _inFlight;
        }
    }

    /// <summary>Reserves room for a packet before it is credited; false if the connector would owe more than the limit.</summary>
    public bool TryBegin(ulong amount, ulong limit)
    {
        lock (_gate)
        {
            var total = _booked + _unbooked + _inFlight;
            if (total > limit || amount > limit - total)
            {
                _refused = true;
                return false;
            }
            _inFlight += amount;
            return true;
        }
    }

    /// <summary>Ends the reservation: a fulfilled packet is owed from now on.</summary>
    public void End(ulong amount, bool fulfilled)
    {
        lock (_gate)
        {
            _inFlight -= amount;
            if (fulfilled) _unbooked += amount;
        }
    }

    /// <summary>
    /// The next booking to write to the ledger; the same one until <see cref="Booked"/>, since its number makes a repeat change nothing.
    /// An amount of 0 only reads whether the connector has settled meanwhile, at another gateway.
    /// </summary>
    public Booking? NextBooking()
    {
        lock (_gate)
        {
            if (_booking is null && (_unbooked > 0 || _refused)) _booking = new Booking(++_sequence, _unbooked);
            _refused = false;
            return _booking;
        }
    }

    /// <summary>The ledger's total over all gateways, which includes <paramref name="booking"/>.</summary>
    public void Booked(ulong total, Booking? booking = null)
    {
        lock (_gate)
        {
            _booked = total;
            if (booking is null || booking != _booking) return; // a concurrent caller has applied it
            _unbooked -= booking.Amount;
            _booking = null;
        }
    }

    /// <summary>An amount to be written to the ledger, and its number among those of this gateway.</summary>
    internal sealed record Booking(long Sequence, ulong Amount);
}
