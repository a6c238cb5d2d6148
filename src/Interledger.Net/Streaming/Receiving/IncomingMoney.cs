using System.Text;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// A packet that can be fulfilled. Credit the account, then answer with exactly one of <see cref="Fulfill"/>, <see cref="Reject"/>,
/// <see cref="RejectAmountTooLarge"/> and <see cref="Close"/>, before <see cref="ExpiresAt"/>; each gives the bytes to send back.
/// Nothing is remembered: the same packet seen twice is money twice here, and the one who credits must tell by <see cref="Condition"/>.
/// </summary>
public readonly struct IncomingMoney
{
    private readonly ReplyWriter _writer;
    private readonly IlpFulfillment _fulfillment;

    internal IncomingMoney(
        in ReplyWriter writer, StreamTokenClaims claims, DateTimeOffset expiresAt, in IlpCondition condition, in IlpFulfillment fulfillment)
    {
        _writer = writer;
        _fulfillment = fulfillment;
        Claims = claims;
        ExpiresAt = expiresAt;
        Condition = condition;
    }

    /// <summary>Whose money it is, from the address.</summary>
    public StreamTokenClaims Claims { get; }

    /// <summary>Units that arrived, in the receiver's asset; 1 to 2^64-1.</summary>
    public ulong Amount => _writer.Amount;

    /// <summary>Tells this packet from every other.</summary>
    public IlpCondition Condition { get; }

    /// <summary>When the money is gone if it is not fulfilled, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Takes the money.</summary>
    /// <param name="receiptTotal">
    /// Units the connection has brought in all, this packet included; signed as a receipt for stream 1 if the address carries a
    /// <see cref="StreamTokenClaims.Receipts"/>, otherwise not used. Null for no receipt.
    /// </param>
    /// <returns>A Fulfill.</returns>
    public byte[] Fulfill(ulong? receiptTotal = null)
    {
        if (receiptTotal is not { } total || Claims.Receipts is not { } receipts)
            return _writer.Fulfill(_fulfillment, []);
        Span<byte> frame = stackalloc byte[ReplyWriter.ReceiptFrameLength];
        ReplyWriter.WriteReceiptFrame(new StreamReceipt(receipts.Nonce, ReplyWriter.ReceiptStreamId, total), receipts.Secret, frame);
        return _writer.Fulfill(_fulfillment, frame);
    }

    /// <summary>Refuses the money, and tells the sender what arrived.</summary>
    /// <param name="code">Why; T codes ask the sender to try again.</param>
    /// <param name="message">Why, for people; at most 8,192 characters.</param>
    /// <returns>A Reject with the STREAM reply as data.</returns>
    public byte[] Reject(IlpErrorCode code, string message = "")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, 8192, nameof(message));
        return _writer.Reject(code, Encoding.UTF8.GetBytes(message), []);
    }

    /// <summary>Refuses the money because there is too much of it in one packet: F08.</summary>
    /// <param name="maximum">The most units one packet may bring now.</param>
    /// <returns>A Reject whose data are the two amounts.</returns>
    public byte[] RejectAmountTooLarge(ulong maximum)
    {
        Span<byte> data = stackalloc byte[AmountTooLarge.Length];
        new AmountTooLarge(Amount, maximum).TryWrite(data, out _);
        return _writer.RejectPlainly(IlpErrorCode.F08AmountTooLarge, "the packet is larger than the room left"u8, data);
    }

    /// <summary>Refuses the money and any more of it on this connection: F99 with a ConnectionClose.</summary>
    /// <param name="code">Why, such as <see cref="StreamErrorCode.NoError"/> when everything asked for was paid.</param>
    /// <param name="message">Why, for people; at most 8,192 characters.</param>
    /// <returns>A Reject with the STREAM reply as data.</returns>
    public byte[] Close(StreamErrorCode code = StreamErrorCode.NoError, string message = "")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, 8192, nameof(message));
        return _writer.Close(new ConnectionCloseFrame(code, message));
    }
}
