using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// How a payment ended, and what it has moved. The amounts are exact in every ending: all packets have been answered or have expired.
/// </summary>
public sealed record PaymentResult
{
    /// <summary>How it ended.</summary>
    public required PaymentEnding Ending { get; init; }

    /// <summary>Units that were fulfilled and are gone, in the sender's asset.</summary>
    public required ulong Sent { get; init; }

    /// <summary>Units that the receiver says it got for them, in its asset; never less than the minimum of each packet.</summary>
    public required ulong Delivered { get; init; }

    /// <summary>The receipt for the highest total (RFC 39), 58 bytes: proof for a third party. Empty if the receiver gives none.</summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>What the receiver counts in; null if it did not tell.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>The code of the last reject; the default value if there was none.</summary>
    public IlpErrorCode LastCode { get; init; }
}
