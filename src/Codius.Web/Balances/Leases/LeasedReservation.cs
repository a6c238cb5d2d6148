using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances.Leases;

/// <summary>A price reserved in a slice: to forward, commit or void it only changes numbers in memory. The first end counts.</summary>
internal sealed class LeasedReservation(AccountLease lease, LeaseSlice slice, ulong price, ulong funds) : Reservation
{
    private int _state;
    private ForwardedSecond? _second;

    public override ReserveOutcome Outcome => ReserveOutcome.Reserved;

    public override ulong Funds => funds;

    public override bool IsCommitted => (ReservationState)Volatile.Read(ref _state) switch
    {
        ReservationState.Committed => true,
        ReservationState.Forwarded => _second!.IsClosed,
        _ => false,
    };

    public override bool TryUseFreeError() => lease.TryUseFreeError();

    public override void Forward()
    {
        var state = Begin();
        if (state == ReservationState.Open)
        {
            _second = slice.Forward(price);
            state = ReservationState.Forwarded;
        }
        End(state);
    }

    public override void Retract()
    {
        var state = Begin();
        if (state == ReservationState.Forwarded)
            state = _second!.TryRemove(price) ? ReservationState.Open : ReservationState.Committed;
        End(state);
    }

    public override void Commit()
    {
        var state = Begin();
        var holdsPrice = HoldsPrice(state);
        if (holdsPrice) slice.Use(price);
        End(state == ReservationState.Voided ? state : ReservationState.Committed);
        if (holdsPrice) BalanceMetrics.DebitRequest(price);
    }

    public override void Void()
    {
        var state = Begin();
        var holdsPrice = HoldsPrice(state);
        if (holdsPrice) slice.Release(price);
        // Committed since the app has had the request for long: it stays so.
        End(holdsPrice || state == ReservationState.Voided ? ReservationState.Voided : ReservationState.Committed);
        if (holdsPrice) lease.Freed();
    }

    private bool HoldsPrice(ReservationState state) =>
        state == ReservationState.Open || (state == ReservationState.Forwarded && _second!.TryRemove(price));

    /// <summary>One step at a time; only callers that end one reservation at once wait here, for a few instructions.</summary>
    private ReservationState Begin()
    {
        for (var wait = new SpinWait(); ; wait.SpinOnce())
        {
            var state = Volatile.Read(ref _state);
            if (state != (int)ReservationState.Changing
                && Interlocked.CompareExchange(ref _state, (int)ReservationState.Changing, state) == state)
                return (ReservationState)state;
        }
    }

    private void End(ReservationState state) => Volatile.Write(ref _state, (int)state);
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

    /// <summary>Between two of the others.</summary>
    Changing,
}

/// <summary>Nothing was reserved, or nothing had to be.</summary>
internal sealed class UnleasedReservation(ReserveOutcome outcome, ulong funds, int retryAfter = 0) : Reservation
{
    public override int RetryAfter => retryAfter;

    public override ReserveOutcome Outcome => outcome;

    public override ulong Funds => funds;

    public override bool TryUseFreeError() => true;

    public override void Commit()
    {
    }

    public override void Void()
    {
    }
}
