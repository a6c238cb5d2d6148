namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// The largest packet to send, learned from F08 (with or without data) and from packets that arrived; temporarily less while the path is
/// short of liquidity.
/// </summary>
internal sealed class PathCapacity(ulong most)
{
    private ulong _short = ulong.MaxValue;

    /// <summary>The largest packet that no connector is known to reject, in the sender's units.</summary>
    public ulong Limit { get; private set; } = most;

    /// <summary>Whether a limit is known, from a connector or from the caller.</summary>
    public bool IsLimited => Limit < ulong.MaxValue;

    /// <summary>The largest packet that reached the receiver.</summary>
    public ulong Verified { get; private set; }

    /// <summary>The largest packet to send now; 0 if the path accepts none.</summary>
    public ulong Next => Math.Min(Limit, _short);

    /// <summary>A packet reached the receiver: after a shortage of liquidity, larger ones are tried again step by step.</summary>
    public void OnArrived(ulong amount)
    {
        if (amount > Verified) Verified = amount;
        if (amount >= _short) _short = _short > ulong.MaxValue / 2 ? ulong.MaxValue : _short * 2;
    }

    /// <summary>
    /// F08 with data: the connector received <paramref name="received"/> of its own units and accepts <paramref name="maximum"/>.
    /// </summary>
    public void OnTooLarge(ulong sent, ulong received, ulong maximum)
    {
        // Contradictory data: the connector rejected an amount within its maximum.
        if (received <= maximum) OnTooLarge(sent);
        else LimitTo((ulong)((UInt128)sent * maximum / received));
    }

    /// <summary>F08 without data: next, the middle between the largest that arrived and the rejected amount is tried.</summary>
    public void OnTooLarge(ulong sent)
    {
        if (Verified >= sent) Verified = 0;
        LimitTo(Verified + ((sent - Verified) / 2));
    }

    /// <summary>T04: a smaller packet may still pass.</summary>
    public void OnShortOfLiquidity(ulong sent) => _short = Math.Min(_short, Math.Max(1, sent / 2));

    private void LimitTo(ulong amount)
    {
        Limit = Math.Min(Limit, amount);
        Verified = Math.Min(Verified, Limit);
    }
}
