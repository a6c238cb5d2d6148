namespace Interledger.Net.Streaming.Sending;

/// <summary>What a payment is for: says how much is due now, and when it is done.</summary>
internal abstract class PaymentGoal
{
    /// <summary>Units to send now, the sender's, besides those on their way.</summary>
    public abstract ulong Due(PaymentTotals totals, RateBounds rate);

    /// <summary>Whether all that was wanted has happened.</summary>
    public abstract bool IsReached(PaymentTotals totals);

    /// <summary>How long until more becomes due by the passing of time; null if time changes nothing.</summary>
    public virtual TimeSpan? MoreDueIn => null;

    /// <summary>Whether the most that may be sent is sent.</summary>
    public virtual bool IsOutOfSource(PaymentTotals totals) => false;
}
