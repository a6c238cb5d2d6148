using Interledger.Net.Packets;

namespace Interledger.Net.Ildcp;

/// <summary>How a node asks its parent for its own address and asset (RFC 31): a Prepare of nothing to <c>peer.config</c>.</summary>
public static class IldcpRequest
{
    /// <summary>The fulfillment of every request: 32 zero bytes.</summary>
    public static IlpFulfillment Fulfillment => default;

    /// <summary>The condition of every request: the SHA-256 of 32 zero bytes.</summary>
    public static IlpCondition Condition => Fulfillment.Condition;

    /// <summary>Where requests go.</summary>
    public static IlpAddress Destination { get; } = IlpAddress.Parse("peer.config");

    /// <summary>Makes a request.</summary>
    /// <param name="expiresAt">Until when an answer is waited for.</param>
    /// <returns>A Prepare of amount 0.</returns>
    public static IlpPrepare Create(DateTimeOffset expiresAt) =>
        new() { ExpiresAt = expiresAt, ExecutionCondition = Condition, Destination = Destination };

    /// <summary>Whether a Prepare is such a request.</summary>
    /// <param name="prepare">The Prepare.</param>
    /// <returns>True for destination, amount and condition as above.</returns>
    public static bool IsRequest(in IlpPrepareView prepare) =>
        prepare.Amount == 0 && prepare.Destination.SequenceEqual("peer.config"u8)
            && new IlpCondition(prepare.ExecutionCondition) == Condition;
}
