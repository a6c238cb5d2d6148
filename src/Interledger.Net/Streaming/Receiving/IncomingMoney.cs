using System.Text;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// A packet that can be fulfilled. Credit the account, then answer with exactly one of <see cref="Fulfill"/>, <see cref="Reject"/>,
/// <see cref="RejectAmountTooLarge"/> and <see cref="Close"/>, before <see cref="ExpiresAt"/>; each gives the bytes to send back.
/// Stateless: a repeated packet is money again here, and the code that credits must deduplicate by <see cref="Condition"/>.
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

    /// <summary>The claims of the address: the account to credit.</summary>
    public StreamTokenClaims Claims { get; }

    /// <summary>Units that arrived, in the receiver's asset; 1 to 2^64-1.</summary>
    public ulong Amount => _writer.Amount;

    /// <summary>The execution condition, which identifies the packet.</summary>
    public IlpCondition Condition { get; }

    /// <summary>
    /// When the packet expires if it is not fulfilled, UTC; never later than <see cref="StreamReceiverOptions.MaximumWindow"/> from when it
    /// was received. Remember the <see cref="Condition"/> until then. A packet that comes again after that is a new transfer of the peer,
    /// which owes its amount again when it is fulfilled: it is money again, and not the earlier money twice.
    /// </summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Accepts the money.</summary>
    /// <param name="receiptTotal">
    /// The connection's total in units, this packet included; signed as a receipt for stream 1 if the address carries
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

    /// <summary>Rejects the money, and reports to the sender what arrived.</summary>
    /// <param name="code">The reason; T codes ask the sender to retry.</param>
    /// <param name="message">The reason for humans; at most 8,192 characters.</param>
    /// <returns>A Reject with the STREAM reply as data.</returns>
    public byte[] Reject(IlpErrorCode code, string message = "")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, 8192, nameof(message));
        return _writer.Reject(code, Encoding.UTF8.GetBytes(message), []);
    }

    /// <summary>Rejects a packet whose amount is too large: F08.</summary>
    /// <param name="maximum">The most units one packet may carry now.</param>
    /// <returns>A Reject whose data is an <see cref="AmountTooLarge"/>.</returns>
    public byte[] RejectAmountTooLarge(ulong maximum)
    {
        Span<byte> data = stackalloc byte[AmountTooLarge.Length];
        new AmountTooLarge(Amount, maximum).TryWrite(data, out _);
        return _writer.RejectPlainly(IlpErrorCode.F08AmountTooLarge, "the packet is larger than the room left"u8, data);
    }

    /// <summary>Rejects the money and closes the connection: F99 with a ConnectionClose.</summary>
    /// <param name="code">The reason, such as <see cref="StreamErrorCode.NoError"/> when everything requested was paid.</param>
    /// <param name="message">The reason for humans; at most 8,192 characters.</param>
    /// <returns>A Reject with the STREAM reply as data.</returns>
    public byte[] Close(StreamErrorCode code = StreamErrorCode.NoError, string message = "")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, 8192, nameof(message));
        return _writer.Close(new ConnectionCloseFrame(code, message));
    }
}
