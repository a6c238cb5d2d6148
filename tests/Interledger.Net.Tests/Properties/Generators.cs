using CsCheck;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;
using Interledger.Net.Tests.Streaming.Receiving;

namespace Interledger.Net.Tests.Properties;

/// <summary>Everything that can be written, with boundary values drawn often.</summary>
internal static class Generators
{
    public static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.ULong,
        Gen.Int[0, 63].Select(Gen.Int[-1, 1], (bits, off) => unchecked((1UL << bits) + (ulong)off)),
        Gen.OneOf(0UL, ulong.MaxValue));

    public static readonly Gen<byte[]> Data =
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.OneOf(126, 127, 128, 255, 256, 257, 32767).Select(length => new byte[length]));

    // No surrogates: half of a pair is not valid text.
    private static readonly Gen<string> Text =
        Gen.OneOf(Gen.Char['\0', '\uD7FF'], Gen.Char['a', 'z']).Array[0, 60].Select(letters => new string(letters));

    private static readonly Gen<string> Segment = Gen.OneOf("abcxyzABCXYZ0189_~-".ToCharArray()).Array[1, 12]
        .Select(letters => new string(letters));

    private static readonly Gen<IlpAddress> Address =
        Gen.OneOf("g", "private", "example", "test", "test1", "test2", "test3", "self", "peer", "local")
            .Select(Segment.Array[1, 60], (scheme, segments) => IlpAddress.Parse(scheme + "." + string.Join('.', segments)));

    private static readonly Gen<IlpAddress> AddressOrNone = Gen.OneOf(Address, Gen.Const(IlpAddress.Empty));

    private static readonly Gen<DateTimeOffset> Milliseconds =
        Gen.Long[-62135596800000, 253402300799999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    private static readonly Gen<IlpErrorCode> Code = Gen.Byte[(byte)'!', (byte)'~'].Array[3].Select(letters =>
        IlpErrorCode.TryParse(letters, out var code) ? code : throw new InvalidOperationException("Printable."));

    public static readonly Gen<IlpPrepare> Prepare = Gen.Select(Number, Milliseconds, Gen.Byte.Array[32], Address, Data,
        (amount, expiresAt, condition, destination, data) => new IlpPrepare
        {
            Amount = amount,
            ExpiresAt = expiresAt,
            ExecutionCondition = new IlpCondition(condition),
            Destination = destination,
            Data = data,
        });

    public static readonly Gen<IlpFulfill> Fulfill = Gen.Byte.Array[32].Select(Data, (fulfillment, data) =>
        new IlpFulfill { Fulfillment = new IlpFulfillment(fulfillment), Data = data });

    public static readonly Gen<IlpReject> Reject = Gen.Select(Code, AddressOrNone, Text, Data, (code, triggeredBy, message, data) =>
        new IlpReject { Code = code, TriggeredBy = triggeredBy, Message = message, Data = data });

    public static readonly Gen<StreamFrame> Frame = Gen.OneOf(
        Gen.Byte.Select(Text, (code, message) => (StreamFrame)new ConnectionCloseFrame((StreamErrorCode)code, message)),
        AddressOrNone.Select(address => (StreamFrame)new ConnectionNewAddressFrame(address)),
        Number.Select(offset => (StreamFrame)new ConnectionMaxDataFrame(offset)),
        Number.Select(offset => (StreamFrame)new ConnectionDataBlockedFrame(offset)),
        Number.Select(id => (StreamFrame)new ConnectionMaxStreamIdFrame(id)),
        Number.Select(id => (StreamFrame)new ConnectionStreamIdBlockedFrame(id)),
        Text.Select(Gen.Byte, (code, scale) => (StreamFrame)new ConnectionAssetDetailsFrame(code, scale)),
        Gen.Select(Number, Gen.Byte, Text, (id, code, message) => (StreamFrame)new StreamCloseFrame(id, (StreamErrorCode)code, message)),
        Number.Select(Number, (id, shares) => (StreamFrame)new StreamMoneyFrame(id, shares)),
        Gen.Select(Number, Number, Number, (id, max, total) => (StreamFrame)new StreamMaxMoneyFrame(id, max, total)),
        Gen.Select(Number, Number, Number, (id, max, total) => (StreamFrame)new StreamMoneyBlockedFrame(id, max, total)),
        Gen.Select(Number, Number, Gen.Byte.Array[0, 200], (id, offset, data) => (StreamFrame)new StreamDataFrame(id, offset, data)),
        Number.Select(Number, (id, offset) => (StreamFrame)new StreamMaxDataFrame(id, offset)),
        Number.Select(Number, (id, offset) => (StreamFrame)new StreamDataBlockedFrame(id, offset)),
        Number.Select(Gen.Byte.Array[0, 60], (id, receipt) => (StreamFrame)new StreamReceiptFrame(id, receipt)));

    public static readonly Gen<StreamPacket> StreamPacket = Gen.Select(
        Gen.OneOf(IlpPacketType.Prepare, IlpPacketType.Fulfill, IlpPacketType.Reject), Number, Number, Frame.Array[0, 20],
        (type, sequence, amount, frames) =>
            new StreamPacket { PacketType = type, Sequence = sequence, PrepareAmount = amount, Frames = frames });

    public static readonly Gen<StreamTokenClaims> Claims = Gen.Select(
        Gen.OneOf(Gen.OneOf("abcxyz0189-_AZ".ToCharArray()), Gen.Char['\0', '\x7F']).Array[1, 63],
        Gen.Int[1, 100_000], Gen.Guid, Gen.Bool, Gen.Byte.Array[48], Gen.Bool,
        (account, seconds, payment, hasPayment, receipts, hasReceipts) => new StreamTokenClaims
        {
            AccountId = new string(account),
            ExpiresAt = ReceiverUnderTest.Start.AddSeconds(seconds),
            IncomingPayment = hasPayment ? payment : null,
            Receipts = hasReceipts
                ? new ReceiptSetup(new ReceiptNonce(receipts.AsSpan(0, 16)), new ReceiptSecret(receipts.AsSpan(16)))
                : null,
        });
}
