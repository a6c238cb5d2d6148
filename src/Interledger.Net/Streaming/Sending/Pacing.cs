namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// The window of packets in flight, and the delay after a temporary error: an error halves the window and doubles the delay, a success
/// widens the window.
/// </summary>
internal sealed class Pacing(TimeProvider time, int most)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly int _most = most;
    private TimeSpan _delay = TimeSpan.Zero;
    private long _errorAt = long.MinValue;

    /// <summary>The number of packets that may be in flight.</summary>
    public int Window { get; private set; } = most;

    /// <summary>How long to wait before the next packet; zero if it can be sent now.</summary>
    public TimeSpan Wait
    {
        get
        {
            if (_delay == TimeSpan.Zero) return TimeSpan.Zero;
            var left = _delay - time.GetElapsedTime(_errorAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void OnArrived()
    {
        _delay = TimeSpan.Zero;
        if (Window < _most) Window++;
    }

    /// <summary>
    /// A temporary error for a packet sent at <paramref name="sentAt"/>; ignored if it was sent before the last slow-down.
    /// </summary>
    /// <returns>Whether it slowed down.</returns>
    public bool OnTemporaryError(long sentAt)
    {
        if (sentAt < _errorAt) return false;

        _errorAt = time.GetTimestamp();
        Window = Math.Max(1, Window / 2);
        _delay = _delay == TimeSpan.Zero ? Shortest : _delay * 2 > Longest ? Longest : _delay * 2;
        return true;
    }
}
