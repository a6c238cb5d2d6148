namespace Codius.Web.Balances.Leases;

/// <summary>
/// What visits have spent of an account through this gateway lately. Guarded by the lock of its <see cref="AccountLease"/>.
/// </summary>
internal sealed class RecentSpending
{
    private readonly ulong[] _last = new ulong[SlicePolicy.Intervals];
    private ulong _ofEndedSlices, _atTick;

    /// <summary>Ends an interval between settles.</summary>
    public void Tick(LeaseSlice slice)
    {
        _last.AsSpan(0, _last.Length - 1).CopyTo(_last.AsSpan(1));
        _last[0] = Since(slice);
        _atTick = _ofEndedSlices + slice.Taken;
    }

    /// <summary>Units that the slice should hold for visits to come.</summary>
    public ulong Target(LeaseSlice slice, ulong price, ulong funds) => SlicePolicy.Target(_last, Since(slice), price, funds);

    /// <summary>Another slice takes the place of this one.</summary>
    public void Ended(LeaseSlice slice) => _ofEndedSlices += slice.Taken;

    private ulong Since(LeaseSlice slice)
    {
        var now = _ofEndedSlices + slice.Taken;
        return now > _atTick ? now - _atTick : 0; // less, if prices reserved before the tick were voided after it
    }
}
