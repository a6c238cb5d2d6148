namespace Codius.Testing;

/// <summary>The system's clock, but for a time of day that a test moves ahead; timers and time-outs run as ever.</summary>
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
