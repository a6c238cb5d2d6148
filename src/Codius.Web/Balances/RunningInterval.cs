namespace Codius.Web.Balances;

/// <summary>The interval in which running time is billed, and what it costs at most.</summary>
internal static class RunningInterval
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Rounded up. The ledger debits whole units and keeps the remainder for the next bill, so a single interval costs this or one unit
    /// less, never more: an account that holds this much can pay for any one of them.
    /// </summary>
    public static ulong PriceOf(ulong perHour) =>
        (ulong)(((UInt128)perHour * (ulong)Length.Ticks + (ulong)TimeSpan.TicksPerHour - 1) / (ulong)TimeSpan.TicksPerHour);
}
