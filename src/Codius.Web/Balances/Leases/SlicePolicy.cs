namespace Codius.Web.Balances.Leases;

/// <summary>How much to lease ahead of visits: the one place that decides it. Whole units, by what was spent lately.</summary>
internal static class SlicePolicy
{
    /// <summary>
    /// Units that no visit has reserved yet, to be held now: half as much again as the last interval between settles spent, so that the
    /// next one needs no other request; or, when spending grows, as much as this interval has spent so far, which doubles it with each
    /// request. Below two prices there is no slice: it would spare no request.
    /// </summary>
    /// <param name="last">Units that the last interval spent.</param>
    /// <param name="since">Units spent since then.</param>
    /// <param name="price">The price of a request.</param>
    public static ulong Target(ulong last, ulong since, ulong price)
    {
        var target = Math.Max(last + last / 2, since);
        return target < (UInt128)price * 2 ? 0 : target;
    }

    /// <summary>
    /// Below so many units the slice is renewed in the background. At most half of what is there: where the ledger grants less than the
    /// target, of a small balance, there is no request for each visit.
    /// </summary>
    public static ulong LowWater(ulong target, ulong free) => Math.Min(target / 4, free / 2);
}
