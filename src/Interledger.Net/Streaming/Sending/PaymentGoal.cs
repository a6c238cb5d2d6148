namespace Interledger.Net.Streaming.Sending;

/// <summary>The goal of a payment: how much is due now, and when it is reached.</summary>
internal abstract class PaymentGoal
{
    /// <summary>The sender's units to send now, besides those in flight.</summary>
    public abstract ulong Due(PaymentTotals totals, RateBounds rate);

    /// <summary>Whether the goal is reached.</summary>
    public abstract bool IsReached(PaymentTotals totals);

    /// <summary>How long until more becomes due; null if the goal does not depend on time.</summary>
    public virtual TimeSpan? MoreDueIn => null;

    /// <summary>Whether the maximum source amount was sent.</summary>
    public virtual bool IsOutOfSource(PaymentTotals totals) => false;
}
