namespace Codius.Web.Balances.Leases;

/// <summary>How much to lease ahead of visits: the one place that decides it. Whole units, by what was spent lately.</summary>
internal static class SlicePolicy
{
    /// <summary>How many intervals between settles are remembered.</summary>
    public const int Intervals = 4;

    // So many prices are few: an app with few visits keeps its slice between them, which otherwise came and went with each.
    private const uint Few = 16;

    // An account with less has no slice that no visit needs: another gateway may need it, and would have to wait for it.
    private const uint Plenty = 1000;

    /// <summary>
    /// Units that no visit has reserved yet, to be held now: half as much again as the last interval between settles spent, so that the
    /// next one needs no other request; or, when spending grows, as much as this interval has spent so far, which doubles it with each
    /// request; or, of few visits to an account with plenty, as many as came in the busiest of the last intervals. Below two prices there
    /// is no slice: it would spare no request.
    /// </summary>
    /// <param name="last">Units that the last intervals spent, the newest first.</param>
    /// <param name="since">Units spent since then.</param>
    /// <param name="price">The price of a request.</param>
    /// <param name="funds">The account's funds.</param>
    public static ulong Target(ReadOnlySpan<ulong> last, ulong since, ulong price, ulong funds)
    {
        var target = Math.Max(last[0] + last[0] / 2, since);
        if (funds >= (UInt128)price * Plenty) target = Math.Max(target, OfFew(last, price));
        return target < (UInt128)price * 2 ? 0 : target;
    }

    /// <summary>
    /// Below so many units the slice is renewed in the background. At most half of what is there: where the ledger grants less than the
    /// target, of a small balance, there is no request for each visit.
    /// </summary>
    public static ulong LowWater(ulong target, ulong free) => Math.Min(target / 4, free / 2);

    /// <summary>True if free units are worth a request that only returns them; few of them go back with the next settle.</summary>
    public static bool IsTooMuch(ulong free, ulong target, ulong price) =>
        free > target && (target == 0 || free > (UInt128)price * Few);

    // Two visits that came within the intervals, not in one of them, are more than one every few seconds.
    private static ulong OfFew(ReadOnlySpan<ulong> last, ulong price)
    {
        UInt128 busiest = 0, together = 0;
        foreach (var units in last) (busiest, together) = (UInt128.Max(busiest, units), together + units);
        var two = (UInt128)price * 2;
        return (ulong)UInt128.Min(together < two ? 0 : UInt128.Max(busiest, two), UInt128.Min((UInt128)price * Few, ulong.MaxValue));
    }
}
