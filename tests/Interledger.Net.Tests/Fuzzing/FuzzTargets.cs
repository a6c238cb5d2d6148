using System.Text;
using Interledger.Net.Ildcp;
using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Tests.Vectors;

namespace Interledger.Net.Tests.Fuzzing;

/// <summary>
/// Every decoder of the library, in groups that read the same kind of input; those of STREAM are in <see cref="StreamFuzzTargets"/>.
/// </summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("OER",
            ["OerReader.TryReadUInt8", "OerReader.TryReadUInt64", "OerReader.TryReadBytes",
                "OerReader.TryReadLength", "OerReader.TryReadVarOctetString",
                "OerReader.TryReadVarUInt", "OerReader.TryReadSaturatingVarUInt"],
            Seeds("varUInt", "encoded"), Oer),
        new("ILP packets",
            ["IlpPacket.TryRead", "IlpPacket.PeekType", "IlpPrepare.TryRead",
                "IlpPrepareView.TryRead", "IlpFulfill.TryRead", "IlpReject.TryRead"],
            [.. Seeds("ilpPrepare", "packet"), .. Seeds("ilpFulfill", "packet"),
                .. Seeds("ilpReject", "packet"), .. Seeds("ilpOdd", "packet")], IlpPackets),
        new("ILP text and amounts",
            ["IlpAddress.TryParse", "IlpAddress.IsValid", "IlpErrorCode.TryParse", "IlpCondition.TryParseHex", "AmountTooLarge.TryRead"],
            [.. TextSeeds("ilpAddress", "address"), .. TextSeeds("ilpReject", "code"),
                .. TextSeeds("ilpFulfill", "condition"), .. Seeds("f08Data", "data")],
            IlpText),
        new("Receipts and secrets",
            ["StreamReceipt.TryReadUnverified", "StreamReceipt.TryVerify",
                "StreamReceipt.TryDecode", "ReceiptNonce.TryParse", "ReceiptSecret.TryParse",
                "ReceiptSetup.TryParse", "StreamSecret.TryParse"],
            [.. Seeds("receipts", "receipt"), .. TextSeeds("receipts", "base64"), .. Base64Seeds()], Receipts),
        new("SPSP and IL-DCP", ["PaymentPointer.TryParse", "SpspResponse.TryParse", "IldcpResponse.TryRead"],
            [.. TextSeeds("paymentPointers", "pointer"), .. JsonSeeds(),
                .. Seeds("ildcp", "response").Select(bytes => bytes[35..])], SpspAndIldcp),
        .. StreamFuzzTargets.All,
    ];

    public static byte[][] Seeds(string section, string field) =>
        [.. VectorFiles.All.Where(vector => vector.Section == section && vector.Has(field)).Select(vector => vector.Bytes(field))];

    /// <summary>Every decoder reports an error exactly when it returns false.</summary>
    public static bool Honest(bool taken, WireError error)
    {
        Assert.Equal(taken, error == WireError.None);
        return taken;
    }

    private static byte[][] TextSeeds(string section, string field) =>
        [.. VectorFiles.All.Where(vector => vector.Section == section && vector.Has(field))
            .Select(vector => Encoding.UTF8.GetBytes(vector.Text(field)))];

    private static byte[][] Base64Seeds() =>
        [Encoding.ASCII.GetBytes(Convert.ToBase64String(new byte[16])), Encoding.ASCII.GetBytes(Convert.ToBase64String(new byte[32]))];

    private static byte[][] JsonSeeds() =>
    [
        """
        {"destination_account":"g.a.b","shared_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","receipts_enabled":true}
        """u8.ToArray(),
        """{"shared_secret":"-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","x":[1,{"y":null}],"destination_account":"test.a"}"""u8.ToArray(),
    ];

    private static bool Oer(byte[] input)
    {
        var number = new OerReader(input);
        var taken = number.TryReadVarUInt(out var value) && number.TryFinish();
        if (Honest(taken, number.Error))
            Codec.AssertWritesOer(input, (ref writer) => writer.TryWriteVarUInt(value));
        var limit = new OerReader(input);
        if (limit.TryReadSaturatingVarUInt(out var saturated) && limit.TryFinish())
            Assert.Equal(taken ? value : ulong.MaxValue, saturated);
        else
            Assert.NotEqual(WireError.None, limit.Error);

        var octets = new OerReader(input);
        if (octets.TryReadVarOctetString(out var contents) && octets.TryFinish())
        {
            var copy = contents.ToArray();
            Codec.AssertWritesOer(input, (ref writer) => writer.TryWriteVarOctetString(copy));
            var limited = new OerReader(input);
            Assert.False(limited.TryReadVarOctetString(copy.Length - 1, out _));
            Assert.Equal(WireError.DataTooLong, limited.Error);
            taken = true;
        }

        var mixed = new OerReader(input);
        while (mixed.TryReadUInt8(out _) && mixed.TryReadLength(out var length)
            && mixed.TryReadBytes(Math.Min(length, 8), out _) && mixed.TryReadUInt64(out _))
            Assert.True(mixed.Remaining.Length < input.Length);
        Assert.NotEqual(WireError.None, mixed.Error);
        return taken;
    }

    private static bool IlpPackets(byte[] input)
    {
        var taken = Honest(IlpPacket.TryRead(input, out var packet, out var error), error);
        var prepare = Honest(IlpPrepare.TryRead(input, out _, out var prepareError), prepareError);
        Assert.Equal(prepare, Honest(IlpPrepareView.TryRead(input, out _, out var viewError), viewError));
        var fulfill = Honest(IlpFulfill.TryRead(input, out _, out var fulfillError), fulfillError);
        var reject = Honest(IlpReject.TryRead(input, out _, out var rejectError), rejectError);
        Assert.Equal(taken, prepare | fulfill | reject);
        Assert.Equal(IlpPacket.PeekType(input) == IlpPacketType.None, input.Length == 0 || input[0] is < 12 or > 14);
        if (!taken)
            return false;

        var encoded = packet!.ToArray();
        Assert.Equal(packet.EncodedLength, encoded.Length);
        // Fields of a later version are ignored and so left out; without any, the bytes are the same.
        Assert.True(encoded.Length < input.Length || encoded.AsSpan().SequenceEqual(input));
        Assert.True(IlpPacket.TryRead(encoded, out var again, out _));
        Assert.Equal(encoded, again.ToArray());
        return true;
    }

    private static bool IlpText(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var address = IlpAddress.TryParse(input, out var read);
        Assert.Equal(address, IlpAddress.IsValid(input));
        Assert.Equal(address, IlpAddress.TryParse(text, out var same));
        Assert.Equal(read, same);
        Assert.Equal(address ? text : "", read.ToString());
        var code = IlpErrorCode.TryParse(input, out var errorCode);
        Assert.Equal(code, IlpErrorCode.TryParse(text, out var sameCode));
        Assert.Equal(errorCode, sameCode);
        Assert.Equal(code ? text : "", errorCode.ToString());
        var hex = IlpCondition.TryParseHex(text, out var condition);
        Assert.True(!hex || condition.ToString().Equals(text, StringComparison.OrdinalIgnoreCase));
        var amounts = Honest(AmountTooLarge.TryRead(input, out var amountTooLarge, out var error), error);
        if (amounts)
            Codec.AssertWrites(input, amountTooLarge.TryWrite);
        return address || code || hex || amounts;
    }

    private static bool Receipts(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var taken = Honest(StreamReceipt.TryDecode(text, out var decoded, out var error), error);
        foreach (var bytes in (byte[]?[])[input, decoded])
        {
            if (bytes is null || !Honest(StreamReceipt.TryReadUnverified(bytes, out var receipt, out error), error))
                continue;
            taken = true;
            var secret = ReceiptSecret.Derive("seed"u8, receipt.Nonce);
            Assert.False(Honest(StreamReceipt.TryVerify(bytes, secret, out _, out error), error));
            var signed = receipt.Sign(secret);
            Assert.Equal(bytes[..26], signed[..26]);
            Assert.True(StreamReceipt.TryVerify(signed, secret, out var verified, out _));
            Assert.Equal(receipt, verified);
        }

        if (Honest(ReceiptNonce.TryParse(text, out var nonce, out error), error))
            Assert.True(taken = ReceiptNonce.TryParse(nonce.ToString(), out var same, out _) && same == nonce);
        if (Honest(ReceiptSecret.TryParse(text, out var receiptSecret, out error), error))
            Assert.True(taken = ReceiptSecret.TryParse(receiptSecret!.ToBase64(), out var same, out _) && receiptSecret.Equals(same));
        if (Honest(Net.Streaming.StreamSecret.TryParse(text, out var streamSecret, out error), error))
            Assert.True(taken = Net.Streaming.StreamSecret.TryParse(streamSecret!.ToBase64(), out var same, out _)
                && streamSecret.Equals(same));
        var half = text.Length / 2;
        Honest(ReceiptSetup.TryParse(text[..half], text[half..], out _, out error), error);
        return taken;
    }

    private static bool SpspAndIldcp(byte[] input)
    {
        var pointer = Honest(PaymentPointer.TryParse(Encoding.UTF8.GetString(input), out var read, out var error), error);
        if (pointer)
        {
            Assert.Equal(read!.Url, read.ToUri().AbsoluteUri);
            Assert.True(PaymentPointer.TryParse(read.ToString(), out var again, out _));
            Assert.Equal(read, again);
        }

        var json = Honest(SpspResponse.TryParse(input, out var response, out error), error);
        if (json)
        {
            Assert.True(SpspResponse.TryParse(response!.ToUtf8Json(), out var again, out _));
            Assert.Equal(response, again);
        }

        var ildcp = Honest(IldcpResponse.TryRead(input, out var details, out error), error);
        if (ildcp)
            Assert.Equal(input, details!.ToFulfill().Data);
        return pointer || json || ildcp;
    }
}
