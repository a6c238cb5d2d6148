namespace Codius.Sandbox.Paying;

/// <summary>One payment of the visitor's wallet and its progress; replaced as a whole on each change.</summary>
internal sealed record Payment
{
    public required string Id { get; init; }

    public required string Pointer { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Units to send, or units a second.</summary>
    public required ulong Amount { get; init; }

    public required bool PerSecond { get; init; }

    /// <summary>Units sent so far.</summary>
    public ulong Sent { get; init; }

    public required PaymentState State { get; init; }

    /// <summary>What went wrong, in plain words; empty if nothing did.</summary>
    public string Trouble { get; init; } = "";
}

/// <summary>The state of a payment.</summary>
internal enum PaymentState
{
    /// <summary>Money is being sent.</summary>
    Running,

    /// <summary>All that was asked for is sent, or it was stopped by hand.</summary>
    Done,

    /// <summary>It ended before that; what was sent is sent.</summary>
    Failed,
}
