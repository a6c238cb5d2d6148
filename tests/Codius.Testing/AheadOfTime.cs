namespace Codius.Testing;

/// <summary>The system's clock with a time of day that a test moves ahead; timers and time-outs are not affected.</summary>
internal sealed class AheadOfTime : TimeProvider
{
    private long _ahead;

    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
