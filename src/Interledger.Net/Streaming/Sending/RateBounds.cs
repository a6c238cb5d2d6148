namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// What the replies have shown of the path's rate: the true rate lies between a lower and an upper bound, because each hop rounds down.
/// </summary>
internal sealed class RateBounds
{
    /// <summary>What is certain to arrive.</summary>
    public ExchangeRate Lower { get; private set; } = new(0, 1);

    /// <summary>What the path might give: never reached, one unit more than what was seen to arrive.</summary>
    public ExchangeRate Upper { get; private set; } = new(ulong.MaxValue, 1);

    /// <summary>
    /// Takes in a packet that came through. A reading that the bounds rule out means that the rate has changed: it replaces them.
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

    /// <summary>The most that a packet on its way can deliver: used where too much must not be sent.</summary>
    public ulong MostDelivered(ulong amount)
    {
        var most = Upper.Ceiling(amount);
        return most is 0 or ulong.MaxValue ? most : most - 1;
    }
}
