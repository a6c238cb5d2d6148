namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// How large a packet may be: what F08 has told, exactly or not, what has come through, and for a while less where the path is short of
/// liquidity.
/// </summary>
internal sealed class PathCapacity(ulong most)
{
    private ulong _short = ulong.MaxValue;

    /// <summary>The largest packet that no connector is known to refuse, in the sender's units.</summary>
    public ulong Limit { get; private set; } = most;

    /// <summary>Whether a connector has set the limit (or the caller's own), rather than nothing being known.</summary>
    public bool IsLimited => Limit < ulong.MaxValue;

    /// <summary>The largest packet that reached the receiver.</summary>
    public ulong Verified { get; private set; }

    /// <summary>The largest packet to send now; 0 when the path takes none at all.</summary>
    public ulong Next => Math.Min(Limit, _short);

    /// <summary>A packet reached the receiver: once liquidity was short, larger ones are tried again step by step.</summary>
    public void OnArrived(ulong amount)
    {
        if (amount > Verified) Verified = amount;
        if (amount >= _short) _short = _short > ulong.MaxValue / 2 ? ulong.MaxValue : _short * 2;
    }

    /// <summary>
    /// F08 with its data: the connector saw <paramref name="received"/> of its own units and takes <paramref name="maximum"/>.
    /// </summary>
    public void OnTooLarge(ulong sent, ulong received, ulong maximum)
    {
        // A connector that refuses what it says it would take gives no figure to calculate with.
        if (received <= maximum) OnTooLarge(sent);
        else LimitTo((ulong)((UInt128)sent * maximum / received));
    }

    /// <summary>F08 without data: between what has come through and what was refused, the middle is tried next.</summary>
    public void OnTooLarge(ulong sent)
    {
        if (Verified >= sent) Verified = 0;
        LimitTo(Verified + ((sent - Verified) / 2));
    }

    /// <summary>T04: a smaller packet may still fit.</summary>
    public void OnShortOfLiquidity(ulong sent) => _short = Math.Min(_short, Math.Max(1, sent / 2));

    private void LimitTo(ulong amount)
    {
        Limit = Math.Min(Limit, amount);
        Verified = Math.Min(Verified, Limit);
    }
}
