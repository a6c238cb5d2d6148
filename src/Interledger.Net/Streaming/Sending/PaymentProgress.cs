namespace Interledger.Net.Streaming.Sending;

/// <summary>How far a payment is.</summary>
/// <param name="Sent">Units that were fulfilled, in the sender's asset.</param>
/// <param name="Delivered">
/// Units that the receiver says it got for them, never less than each packet's minimum, in the receiver's asset.
/// </param>
/// <param name="InFlight">Units in packets that are not answered yet, in the sender's asset.</param>
/// <param name="Receipt">The receipt for the highest total so far (RFC 39), 58 bytes; empty if the receiver gives none.</param>
public readonly record struct PaymentProgress(ulong Sent, ulong Delivered, ulong InFlight, ReadOnlyMemory<byte> Receipt);
