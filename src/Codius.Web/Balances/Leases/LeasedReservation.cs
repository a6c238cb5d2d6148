namespace Codius.Web.Balances.Leases;

/// <summary>A price reserved in a lease: commit and void only change numbers in memory.</summary>
internal sealed class LeasedReservation(AccountLease lease, LeaseSlice slice, ulong price, ulong funds) : Reservation
{
    private int _ended;

    public override ReserveOutcome Outcome => ReserveOutcome.Reserved;

    public override ulong Funds => funds;

    public override void Commit()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) lease.Commit(slice, price);
    }

    public override void Void()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) lease.Void(slice, price);
    }
}

/// <summary>Nothing was reserved, or nothing had to be.</summary>
internal sealed class UnleasedReservation(ReserveOutcome outcome, ulong funds) : Reservation
{
    public override ReserveOutcome Outcome => outcome;

    public override ulong Funds => funds;

    public override void Commit()
    {
    }

    public override void Void()
    {
    }
}
