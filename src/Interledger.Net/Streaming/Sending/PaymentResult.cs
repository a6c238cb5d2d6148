using Interledger.Net.Packets;

namespace Interledger.Net.Streaming.Sending;

/// <summary>
/// The result of a payment. The amounts are exact in every ending: all packets have a reply or have expired.
/// </summary>
public sealed record PaymentResult
{
    /// <summary>How the payment ended.</summary>
    public required PaymentEnding Ending { get; init; }

    /// <summary>Units sent in fulfilled packets, in the sender's asset.</summary>
    public required ulong Sent { get; init; }

    /// <summary>Units that the receiver reports as received, in its asset; never less than the minimum of each packet.</summary>
    public required ulong Delivered { get; init; }

    /// <summary>The receipt for the highest total (RFC 39), 58 bytes: proof for a third party. Empty if the receiver issues none.</summary>
    public ReadOnlyMemory<byte> Receipt { get; init; }

    /// <summary>The receiver's asset; null if it did not announce one.</summary>
    public ReceiverAsset? Asset { get; init; }

    /// <summary>The code of the last Reject; the default value if there was none.</summary>
    public IlpErrorCode LastCode { get; init; }
}
