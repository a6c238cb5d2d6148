namespace Codius.Web.Payments.Streaming;

/// <summary>One connector's debt: packets fulfilled and not yet settled, as far as this gateway knows.</summary>
internal sealed class ConnectorDebt
{
    private readonly Lock _gate = new();
    private ulong _booked;
    private ulong _unbooked;
    private ulong _inFlight;
    private Booking? _booking;
    private long _sequence;
    private long _version;

    /// <summary>The whole debt, packets in flight included.</summary>
    public ulong Total
    {
        get
        {
            lock (_gate) return _booked + _unbooked + _inFlight;
        }
    }

    /// <summary>Changes when the ledger's answer to a booking or a settlement is applied.</summary>
    public long Version
    {
        get
        {
            lock (_gate) return _version;
        }
    }

    /// <summary>Reserves room for a packet before it is credited; false if the connector would owe more than the limit.</summary>
    public bool TryBegin(ulong amount, ulong limit)
    {
        lock (_gate)
        {
            var total = _booked + _unbooked + _inFlight;
            if (total > limit || amount > limit - total) return false;
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
    /// The next booking to write to the ledger, null for nothing to book; the same one until <see cref="Booked"/>, since its number makes a
    /// repeat change nothing.
    /// </summary>
    public Booking? NextBooking()
    {
        lock (_gate)
        {
            if (_booking is null && _unbooked > 0) _booking = new Booking(++_sequence, _unbooked);
            return _booking;
        }
    }

    /// <summary>The ledger's total over all gateways, which includes <paramref name="booking"/>.</summary>
    public void Booked(ulong total, Booking? booking = null)
    {
        lock (_gate)
        {
            _booked = total;
            _version++;
            if (booking is null || booking != _booking) return; // a concurrent caller has applied it
            _unbooked -= booking.Amount;
            _booking = null;
        }
    }

    /// <summary>
    /// The ledger's total over all gateways as it was read; without effect if a booking or a settlement was applied since
    /// <paramref name="version"/>, which it may not include.
    /// </summary>
    public void Read(ulong total, long version)
    {
        lock (_gate)
        {
            if (version == _version) _booked = total;
        }
    }

    /// <summary>An amount to be written to the ledger, and its number among those of this gateway.</summary>
    internal sealed record Booking(long Sequence, ulong Amount);
}
