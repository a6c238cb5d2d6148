using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// Writes one reply: the ILP packet and, encrypted in place at its end, the STREAM packet. The array it returns is all it allocates.
/// </summary>
internal readonly struct ReplyWriter(ReceiverIdentity receiver, StreamKeys keys, ulong sequence, ulong amount, bool withAsset)
{
    /// <summary>
    /// The connection's total is signed for stream 1, which every client opens first; for a verifier, nonce and stream 1 identify it.
    /// </summary>
    public const byte ReceiptStreamId = 1;

    public const int ReceiptFrameLength = 5 + StreamReceipt.Length;

    public ulong Amount => amount;

    public static void WriteReceiptFrame(in StreamReceipt receipt, ReceiptSecret secret, Span<byte> frame)
    {
        frame[0] = (byte)StreamFrameType.StreamReceipt;
        frame[1] = ReceiptFrameLength - 2;
        frame[2] = 1;
        frame[3] = receipt.StreamId;
        frame[4] = StreamReceipt.Length;
        receipt.TryWrite(secret, frame[5..], out _);
    }

    /// <param name="fulfillment">The preimage of the packet's condition.</param>
    /// <param name="frame">One more encoded frame, or none.</param>
    public byte[] Fulfill(in IlpFulfillment fulfillment, ReadOnlySpan<byte> frame)
    {
        var dataLength = StreamEnvelope.Overhead + PlaintextLength(frame.Length);
        var reply = new byte[IlpFulfill.LengthWith(dataLength)];
        var writer = new OerWriter(reply);
        IlpFulfill.TryBegin(ref writer, fulfillment, dataLength);
        Seal(IlpPacketType.Fulfill, frame, writer.Remaining);
        return reply;
    }

    /// <param name="code">The error code.</param>
    /// <param name="message">The error message, in UTF-8.</param>
    /// <param name="frame">One more encoded frame, or none.</param>
    public byte[] Reject(IlpErrorCode code, ReadOnlySpan<byte> message, ReadOnlySpan<byte> frame)
    {
        var dataLength = StreamEnvelope.Overhead + PlaintextLength(frame.Length);
        var reply = new byte[IlpReject.LengthWith(receiver.Address.Length, message.Length, dataLength)];
        var writer = new OerWriter(reply);
        IlpReject.TryBegin(ref writer, code, receiver.Address, message, dataLength);
        Seal(IlpPacketType.Reject, frame, writer.Remaining);
        return reply;
    }

    public byte[] RejectPlainly(IlpErrorCode code, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data) =>
        receiver.Reject(code, message, data);

    public byte[] Close(ConnectionCloseFrame close)
    {
        var frame = new byte[close.EncodedLength];
        var writer = new OerWriter(frame);
        close.TryWrite(ref writer);
        return Reject(IlpErrorCode.F99ApplicationError, "the connection is closed"u8, frame);
    }

    private int PlaintextLength(int frameLength) =>
        2 + OerWriter.SizeOfVarUInt(sequence) + OerWriter.SizeOfVarUInt(amount) + 2 + (withAsset ? receiver.AssetFrame.Length : 0)
            + frameLength;

    private void Seal(IlpPacketType type, ReadOnlySpan<byte> frame, Span<byte> envelope)
    {
        var contents = envelope[StreamEnvelope.Overhead..];
        var writer = new OerWriter(contents);
        writer.TryWriteUInt8(StreamPacketView.Version);
        writer.TryWriteUInt8((byte)type);
        writer.TryWriteVarUInt(sequence);
        writer.TryWriteVarUInt(amount);
        writer.TryWriteVarUInt((withAsset ? 1UL : 0) + (frame.IsEmpty ? 0UL : 1));
        writer.TryWriteBytes(withAsset ? receiver.AssetFrame : []);
        writer.TryWriteBytes(frame);
        keys.Seal(contents, envelope);
    }
}
