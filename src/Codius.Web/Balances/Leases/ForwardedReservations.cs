namespace Codius.Web.Balances.Leases;

/// <summary>
/// The open reservations of a slice whose requests apps have, the oldest first. Linked through the reservations themselves, so that a
/// visit allocates nothing here. Guarded by the lock of the <see cref="AccountLease"/>.
/// </summary>
internal sealed class ForwardedReservations
{
    private LeasedReservation? _last;

    /// <summary>The one that an app has had for the longest time.</summary>
    public LeasedReservation? First { get; private set; }

    /// <summary>The sum of their prices.</summary>
    public ulong Units { get; private set; }

    public void Add(LeasedReservation reservation)
    {
        reservation.Before = _last;
        if (_last is null) First = reservation;
        else _last.After = reservation;
        _last = reservation;
        Units += reservation.Price;
    }

    public void Remove(LeasedReservation reservation)
    {
        var (before, after) = (reservation.Before, reservation.After);
        if (before is null) First = after;
        else before.After = after;
        if (after is null) _last = before;
        else after.Before = before;
        (reservation.Before, reservation.After) = (null, null);
        Units -= reservation.Price;
    }
}
