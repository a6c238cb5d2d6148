using Interledger.Net.Receipts;

namespace Interledger.Net.Tests.Vectors;

public sealed class ReceiptVectorTests
{
    [Theory]
    [MemberData(nameof(VectorFiles.Section), "receipts", MemberType = typeof(VectorFiles))]
    public void Receipts_are_signed_and_verified(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "receipts", index);
        var receipt = new StreamReceipt(
            new ReceiptNonce(vector.Bytes("nonce")), (byte)vector.Number("streamId"), vector.Number("totalReceived"));
        var secret = new ReceiptSecret(vector.Bytes("secret"));
        Assert.Equal(secret, ReceiptSecret.Derive(vector.Bytes("seed"), receipt.Nonce));
        Assert.True(vector.Json.GetProperty("valid").GetBoolean());

        Codec.AssertWrites(vector.Bytes("receipt"), (Span<byte> destination, out int written) =>
            receipt.TryWrite(secret, destination, out written));
        Assert.Equal(vector.Bytes("hmac"), receipt.Sign(secret)[26..]);
        Assert.True(StreamReceipt.TryDecode(vector.Text("base64"), out var bytes, out _));
        Assert.Equal(vector.Bytes("receipt"), bytes);
        Assert.True(StreamReceipt.TryVerify(bytes, secret, out var verified, out _));
        Assert.Equal(receipt, verified);
        Codec.AssertRefusesEveryPrefix(bytes, prefix =>
            StreamReceipt.TryReadUnverified(prefix, out _, out var error) ? WireError.None : error);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "receiptsBroken", MemberType = typeof(VectorFiles))]
    public void Broken_receipts_prove_nothing(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "receiptsBroken", index);
        var secret = vector.Has("secret") ? new ReceiptSecret(vector.Bytes("secret")) : new ReceiptSecret(new byte[ReceiptSecret.Length]);

        StreamReceipt receipt = default;
        var valid = StreamReceipt.TryDecode(vector.Text("base64"), out var bytes, out var error)
            && StreamReceipt.TryVerify(bytes, secret, out receipt, out error);

        Assert.Equal(vector.JavaScriptTakesIt, valid);
        Assert.Equal(valid, error == WireError.None);
        Assert.Equal(!valid, receipt == default);
        if (vector.Has("receipt"))
            Assert.Equal(valid, StreamReceipt.TryVerify(vector.Bytes("receipt"), secret, out _, out _));
        WireError? expected = valid ? null : vector.Json.GetProperty("js").GetProperty("error").GetString() switch
        {
            "invalid version" => WireError.UnsupportedVersion,
            "invalid hmac" => WireError.NotAuthentic,
            _ => null,
        };
        if (expected is { } reason)
            Assert.Equal(reason, error);
        else if (!valid)
            Assert.True(error is WireError.WrongLength or WireError.InvalidBase64);
    }
}
