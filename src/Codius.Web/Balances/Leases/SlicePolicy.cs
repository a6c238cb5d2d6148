namespace Codius.Web.Balances.Leases;

/// <summary>How much to lease at a time: the one place that decides it.</summary>
internal static class SlicePolicy
{
    /// <summary>
    /// Units to ask for when requests wait for <paramref name="waiting"/> units: exactly those, one price for each of them. What a
    /// request does not use in the end goes back with the next settle.
    /// </summary>
    public static ulong Wanted(ulong waiting) => waiting;
}
