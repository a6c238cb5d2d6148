namespace Codius.Web.Balances.Leases;

/// <summary>
/// What visits have spent of an account through this gateway lately. Guarded by the lock of its <see cref="AccountLease"/>.
/// </summary>
internal sealed class RecentSpending
{
    private ulong _ofEndedSlices, _atTick, _last;

    /// <summary>Ends an interval between settles.</summary>
    public void Tick(LeaseSlice slice)
    {
        _last = Since(slice);
        _atTick = _ofEndedSlices + slice.Taken;
    }

    /// <summary>Units that the slice should hold for visits to come.</summary>
    public ulong Target(LeaseSlice slice, ulong price) => SlicePolicy.Target(_last, Since(slice), price);

    /// <summary>Another slice takes the place of this one.</summary>
    public void Ended(LeaseSlice slice) => _ofEndedSlices += slice.Taken;

    private ulong Since(LeaseSlice slice)
    {
        var now = _ofEndedSlices + slice.Taken;
        return now > _atTick ? now - _atTick : 0; // less, if prices reserved before the tick were voided after it
    }
}
