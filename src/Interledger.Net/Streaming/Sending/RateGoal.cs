namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// Sends a number of the sender's units per second until stopped; each interval's share is due at its start.
/// </summary>
internal sealed class RateGoal(ulong perSecond, TimeSpan interval, ulong most, TimeProvider time) : PaymentGoal
{
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    public override TimeSpan? MoreDueIn => interval - TimeSpan.FromTicks(Elapsed.Ticks % interval.Ticks);

    public override ulong Due(PaymentTotals totals, RateBounds rate)
    {
        var begun = (UInt128)(ulong)((Elapsed.Ticks / interval.Ticks) + 1);
        var due = begun * (ulong)interval.Ticks * perSecond / TimeSpan.TicksPerSecond;
        return (due > most ? most : (ulong)due) - totals.Sent - totals.InFlight;
    }

    public override bool IsReached(PaymentTotals totals) => false;

    public override bool IsOutOfSource(PaymentTotals totals) => totals.Sent >= most;
}
