namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// The path's rate, measured from replies: it lies between a lower and an upper bound, because each hop rounds down.
/// </summary>
internal sealed class RateBounds
{
    /// <summary>The rate that is certain to arrive.</summary>
    public ExchangeRate Lower { get; private set; } = new(0, 1);

    /// <summary>An exclusive bound: one unit more than what arrived.</summary>
    public ExchangeRate Upper { get; private set; } = new(ulong.MaxValue, 1);

    /// <summary>
    /// Applies a packet that arrived. A measurement outside the bounds means that the rate has changed: it replaces them.
    /// </summary>
    public void Observe(ulong sent, ulong received)
    {
        if (sent == 0) return;

        var lower = new ExchangeRate(received, sent);
        var upper = new ExchangeRate(received == ulong.MaxValue ? received : received + 1, sent);
        if (lower >= Upper || upper <= Lower)
        {
            (Lower, Upper) = (lower, upper);
            return;
        }

        if (lower > Lower) Lower = lower;
        if (upper < Upper) Upper = upper;
    }

    /// <summary>The most that a packet in flight can deliver: used where too much must not be sent.</summary>
    public ulong MostDelivered(ulong amount)
    {
        var most = Upper.Ceiling(amount);
        return most is 0 or ulong.MaxValue ? most : most - 1;
    }
}
