namespace Interledger.Net.Streaming.Sending;

/// <summary>The progress of a payment.</summary>
/// <param name="Sent">Units that were fulfilled, in the sender's asset.</param>
/// <param name="Delivered">
/// Units that the receiver reports as received, never less than each packet's minimum, in the receiver's asset.
/// </param>
/// <param name="InFlight">Units in packets without a reply yet, in the sender's asset.</param>
/// <param name="Receipt">The receipt for the highest total so far (RFC 39), 58 bytes; empty if the receiver issues none.</param>
public readonly record struct PaymentProgress(ulong Sent, ulong Delivered, ulong InFlight, ReadOnlyMemory<byte> Receipt);
