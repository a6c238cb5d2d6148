using Interledger.Net.Packets;

namespace Interledger.Net.Ildcp;

/// <summary>The IL-DCP request (RFC 31) for a node's own address and asset: a Prepare of amount 0 to <c>peer.config</c>.</summary>
public static class IldcpRequest
{
    /// <summary>The fulfillment of every request: 32 zero bytes.</summary>
    public static IlpFulfillment Fulfillment => default;

    /// <summary>The condition of every request: the SHA-256 of 32 zero bytes.</summary>
    public static IlpCondition Condition => Fulfillment.Condition;

    /// <summary>The destination of every request.</summary>
    public static IlpAddress Destination { get; } = IlpAddress.Parse("peer.config");

    /// <summary>Creates a request.</summary>
    /// <param name="expiresAt">When the request expires.</param>
    /// <returns>A Prepare of amount 0.</returns>
    public static IlpPrepare Create(DateTimeOffset expiresAt) =>
        new() { ExpiresAt = expiresAt, ExecutionCondition = Condition, Destination = Destination };

    /// <summary>Whether a Prepare is an IL-DCP request.</summary>
    /// <param name="prepare">The Prepare.</param>
    /// <returns>True for destination, amount and condition as above.</returns>
    public static bool IsRequest(in IlpPrepareView prepare) =>
        prepare.Amount == 0 && prepare.Destination.SequenceEqual("peer.config"u8)
            && new IlpCondition(prepare.ExecutionCondition) == Condition;
}
