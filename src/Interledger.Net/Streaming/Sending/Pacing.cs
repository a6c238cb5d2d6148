namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// How many packets may be on their way at once, and how long to wait after a temporary error: halves and doubles on trouble, opens up on
/// success.
/// </summary>
internal sealed class Pacing(TimeProvider time, int most)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly int _most = most;
    private TimeSpan _delay = TimeSpan.Zero;
    private long _troubleAt = long.MinValue;

    /// <summary>The number of packets that may be on their way.</summary>
    public int Window { get; private set; } = most;

    /// <summary>How long to wait before the next packet; zero when it may go.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (_delay == TimeSpan.Zero) return TimeSpan.Zero;
            var left = _delay - time.GetElapsedTime(_troubleAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void OnArrived()
    {
        _delay = TimeSpan.Zero;
        if (Window < _most) Window++;
    }

    /// <summary>
    /// A temporary error for a packet sent at <paramref name="sentAt"/>: packets sent before the last slowing-down tell nothing new.
    /// </summary>
    /// <returns>Whether it slowed down.</returns>
    public bool OnTemporaryError(long sentAt)
    {
        if (sentAt < _troubleAt) return false;

        _troubleAt = time.GetTimestamp();
        Window = Math.Max(1, Window / 2);
        _delay = _delay == TimeSpan.Zero ? Shortest : _delay * 2 > Longest ? Longest : _delay * 2;
        return true;
    }
}
