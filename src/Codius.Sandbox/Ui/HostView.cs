namespace Codius.Sandbox.Ui;

/// <summary>The model of the page of the host's wallet; amounts are text.</summary>
public sealed record HostView
{
    public required string Nonce { get; init; }

    public required string Received { get; init; }

    public required string Address { get; init; }

    public required IReadOnlyList<HostPaymentView> Payments { get; init; }
}

/// <summary>One incoming payment that was paid.</summary>
public sealed record HostPaymentView
{
    public required string Received { get; init; }

    /// <summary>What its creator noted, as JSON; empty if nothing.</summary>
    public required string Metadata { get; init; }

    public required string At { get; init; }

    /// <summary>Completed, expired or open.</summary>
    public required string State { get; init; }
}
