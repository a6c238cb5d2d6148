namespace Codius.Web.Balances.Leases;

/// <summary>How much to lease at a time: the one place that decides it.</summary>
internal static class SlicePolicy
{
    /// <summary>
    /// Units to request when visits wait for <paramref name="waiting"/> units: exactly those, one price for each visit. What a visit
    /// does not use in the end is returned with the next settle.
    /// </summary>
    public static ulong Wanted(ulong waiting) => waiting;
}
