namespace Interledger.Net.Streaming.Sending;

/// <summary>Delivers an amount in the receiver's units, for at most an amount in the sender's.</summary>
internal sealed class DeliveryGoal(ulong amount, ulong mostSource) : PaymentGoal
{
    public override ulong Due(PaymentTotals totals, RateBounds rate)
    {
        var comes = (UInt128)totals.Delivered + totals.DeliveringAtMost;
        var left = comes >= amount ? 0 : amount - (ulong)comes;
        return left == 0 ? 0 : Math.Min(rate.Lower.SourceFor(left), mostSource - totals.Sent - totals.InFlight);
    }

    public override bool IsReached(PaymentTotals totals) => totals.Delivered >= amount;

    public override bool IsOutOfSource(PaymentTotals totals) => totals.Sent >= mostSource;
}
