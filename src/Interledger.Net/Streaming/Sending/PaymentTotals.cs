namespace Interledger.Net.Streaming.Sending;

/// <summary>The payment's totals: sent, delivered and in flight. Sums saturate at 2^64-1 instead of wrapping.</summary>
internal sealed class PaymentTotals
{
    public ulong Sent { get; private set; }

    public ulong Delivered { get; private set; }

    public ulong InFlight { get; private set; }

    /// <summary>The most that the packets in flight can deliver.</summary>
    public ulong DeliveringAtMost { get; private set; }

    public int PacketsInFlight { get; private set; }

    /// <summary>Units delivered above the minimum so far, which rounding may take from later packets.</summary>
    public ulong Surplus { get; private set; }

    public void Start(SentPacket packet)
    {
        InFlight += packet.Amount;
        DeliveringAtMost = Add(DeliveringAtMost, packet.Most);
        Surplus -= packet.Slack;
        PacketsInFlight++;
    }

    public void Finish(SentPacket packet, bool fulfilled, ulong delivered, ulong strictMinimum)
    {
        InFlight -= packet.Amount;
        DeliveringAtMost -= Math.Min(DeliveringAtMost, packet.Most);
        PacketsInFlight--;
        if (!fulfilled)
        {
            Surplus += packet.Slack;
            return;
        }

        Sent += packet.Amount;
        Delivered = Add(Delivered, delivered);
        Surplus = Add(Surplus, delivered + packet.Slack > strictMinimum ? delivered + packet.Slack - strictMinimum : 0);
    }

    public void Grant(ulong units) => Surplus = Add(Surplus, units);

    private static ulong Add(ulong left, ulong right) => left > ulong.MaxValue - right ? ulong.MaxValue : left + right;
}
