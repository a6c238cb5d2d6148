namespace Codius.Web.Balances.Leases;

/// <summary>A price reserved in a lease: commit and void only change numbers in memory.</summary>
internal sealed class LeasedReservation(AccountLease lease, LeaseSlice slice, ulong price, ulong funds) : Reservation
{
    public override ReserveOutcome Outcome => ReserveOutcome.Reserved;

    public override ulong Funds => funds;

    public override bool IsCommitted => lease.IsCommitted(this);

    public LeaseSlice Slice => slice;

    public ulong Price => price;

    /// <summary>Guarded by the lock of the lease, as is all below.</summary>
    public ReservationState State { get; set; }

    /// <summary>When the app got the request, by this process' own clock.</summary>
    public long ForwardedAt { get; set; }

    /// <summary>The neighbours in the slice's <see cref="ForwardedReservations"/>.</summary>
    public LeasedReservation? Before { get; set; }

    public LeasedReservation? After { get; set; }

    public override void Forward() => lease.Forward(this);

    public override void Retract() => lease.Retract(this);

    public override void Commit() => lease.Commit(this);

    public override void Void() => lease.Void(this);
}

/// <summary>How far a reservation got.</summary>
internal enum ReservationState
{
    /// <summary>No app has its request yet: the price can still be recalled.</summary>
    Open,

    /// <summary>An app has its request.</summary>
    Forwarded,

    /// <summary>Spent for good.</summary>
    Committed,

    /// <summary>Released.</summary>
    Voided,
}

/// <summary>Nothing was reserved, or nothing had to be.</summary>
internal sealed class UnleasedReservation(ReserveOutcome outcome, ulong funds, int retryAfter = 0) : Reservation
{
    public override int RetryAfter => retryAfter;

    public override ReserveOutcome Outcome => outcome;

    public override ulong Funds => funds;

    public override void Commit()
    {
    }

    public override void Void()
    {
    }
}
