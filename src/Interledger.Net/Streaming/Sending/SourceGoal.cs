namespace Interledger.Net.Streaming.Sending;

/// <summary>Sends an amount in the sender's units.</summary>
internal sealed class SourceGoal(ulong amount) : PaymentGoal
{
    public override ulong Due(PaymentTotals totals, RateBounds rate) => amount - totals.Sent - totals.InFlight;

    public override bool IsReached(PaymentTotals totals) => totals.Sent >= amount;
}
