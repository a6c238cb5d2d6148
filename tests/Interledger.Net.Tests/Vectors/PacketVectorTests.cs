using System.Security.Cryptography;
using System.Text.Json;
using Interledger.Net.Packets;

namespace Interledger.Net.Tests.Vectors;

public sealed class PacketVectorTests
{
    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ilpPrepare", MemberType = typeof(VectorFiles))]
    public void Prepares_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ilpPrepare", index);
        byte[] data;
        if (vector.Has("dataLength"))
            Array.Fill(data = new byte[(int)vector.Number("dataLength")], vector.Bytes("dataFill")[0]);
        else
            data = vector.Bytes("data");

        if (data.Length > IlpPacket.MaxDataLength)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Make(vector, data));
            var tooLong = LongPrepare(vector, data);
            var taken = IlpPrepare.TryRead(tooLong, out _, out var error);
            Strictness.Judge(vector, javaScriptTakesIt: true, taken, error);
            return;
        }

        var packet = Make(vector, data).ToArray();
        if (vector.Has("packet"))
            Assert.Equal(vector.Text("packet"), Convert.ToHexStringLower(packet));
        else
            Assert.Equal(vector.Text("packetSha256"), Convert.ToHexStringLower(SHA256.HashData(packet)));
        Assert.True(IlpPrepare.TryRead(packet, out var prepare, out _));
        Assert.Equal(vector.Number("amount"), prepare.Amount);
        Assert.Equal(vector.Time("expiresAt"), prepare.ExpiresAt);
        Assert.Equal(vector.Text("executionCondition"), prepare.ExecutionCondition.ToString());
        Assert.Equal(vector.Text("destination"), prepare.Destination.ToString());
        Assert.Equal(data, prepare.Data);
        PacketAssert.Everyway(packet, prepare);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ilpFulfill", MemberType = typeof(VectorFiles))]
    public void Fulfills_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ilpFulfill", index);
        var made = new IlpFulfill { Fulfillment = new IlpFulfillment(vector.Bytes("fulfillment")), Data = vector.Bytes("data") };

        Assert.Equal(vector.Text("packet"), Convert.ToHexStringLower(made.ToArray()));
        Assert.True(IlpFulfill.TryRead(vector.Bytes("packet"), out var fulfill, out _));
        Assert.Equal(made.Fulfillment, fulfill.Fulfillment);
        Assert.Equal(vector.Text("condition"), fulfill.Fulfillment.Condition.ToString());
        Assert.Equal(made.Data, fulfill.Data);
        PacketAssert.Everyway(vector.Bytes("packet"), fulfill);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ilpReject", MemberType = typeof(VectorFiles))]
    public void Rejects_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ilpReject", index);
        Assert.True(IlpErrorCode.TryParse(vector.Text("code"), out var code));
        Assert.True(vector.Text("triggeredBy").Length == 0 | IlpAddress.TryParse(vector.Text("triggeredBy"), out var triggeredBy));
        var made = new IlpReject { Code = code, TriggeredBy = triggeredBy, Message = vector.Text("message"), Data = vector.Bytes("data") };

        Assert.Equal(vector.Text("packet"), Convert.ToHexStringLower(made.ToArray()));
        Assert.True(IlpReject.TryRead(vector.Bytes("packet"), out var reject, out _));
        Assert.Equal(vector.Text("code"), reject.Code.ToString());
        Assert.Equal(vector.Text("triggeredBy"), reject.TriggeredBy.ToString());
        Assert.Equal(vector.Text("message"), reject.Message);
        Assert.Equal(made.Data, reject.Data);
        PacketAssert.Everyway(vector.Bytes("packet"), reject);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "f08Data", MemberType = typeof(VectorFiles))]
    public void The_amounts_of_an_F08_are_written_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "f08Data", index);
        var amounts = new AmountTooLarge(vector.Number("receivedAmount"), vector.Number("maximumAmount"));

        Codec.AssertWrites(vector.Bytes("data"), amounts.TryWrite);
        Assert.True(AmountTooLarge.TryRead(vector.Bytes("data"), out var read, out _));
        Assert.Equal(amounts, read);
        Codec.AssertRefusesEveryPrefix(vector.Bytes("data"), bytes =>
            AmountTooLarge.TryRead(bytes, out _, out var error) ? WireError.None : error);
        Assert.False(AmountTooLarge.TryRead([.. vector.Bytes("data"), 0], out _, out _));
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ilpOdd", MemberType = typeof(VectorFiles))]
    public void Odd_packets_are_refused_by_name(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ilpOdd", index);
        var bytes = vector.Bytes("packet");

        var taken = IlpPacket.TryRead(bytes, out var packet, out var error);

        PacketAssert.SamePiecewise(bytes, error);
        if (Strictness.Judge(vector, vector.JavaScriptTakesIt, taken, error))
            AssertMeans(vector.Json.GetProperty("js").GetProperty("ok"), packet!);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "ilpAddress", MemberType = typeof(VectorFiles))]
    public void Addresses_are_told_from_other_text(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "ilpAddress", index);
        var (text, valid) = (vector.Text("address"), vector.Json.GetProperty("valid").GetBoolean());

        Assert.Equal(valid, IlpAddress.TryParse(text, out var address));
        Assert.Equal(valid, IlpAddress.IsValid(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(valid ? text : "", address.ToString());
        Assert.Equal(valid ? text.Length : 0, address.Length);
    }

    private static void AssertMeans(JsonElement expected, IlpPacket packet)
    {
        var data = expected.GetProperty("data");
        string Text(string field) => data.GetProperty(field).GetString()!;
        Assert.Equal(expected.GetProperty("type").GetByte(), (byte)packet.Type);
        switch (packet)
        {
            case IlpPrepare prepare:
                Assert.Equal(Text("amount"), $"{prepare.Amount}");
                Assert.Equal(Text("executionCondition"), prepare.ExecutionCondition.ToString());
                Assert.Equal(data.GetProperty("expiresAt").GetDateTimeOffset(), prepare.ExpiresAt);
                Assert.Equal(Text("destination"), prepare.Destination.ToString());
                Assert.Equal(Text("data"), Convert.ToHexStringLower(prepare.Data.Span));
                break;
            case IlpFulfill fulfill:
                Assert.Equal(new IlpFulfillment(Convert.FromHexString(Text("fulfillment"))), fulfill.Fulfillment);
                Assert.Equal(Text("data"), Convert.ToHexStringLower(fulfill.Data.Span));
                break;
            case IlpReject reject:
                Assert.Equal(Text("code"), reject.Code.ToString());
                Assert.Equal(Text("triggeredBy"), reject.TriggeredBy.ToString());
                Assert.Equal(Text("message"), reject.Message);
                Assert.Equal(Text("data"), Convert.ToHexStringLower(reject.Data.Span));
                break;
        }
    }

    private static IlpPrepare Make(Vector vector, byte[] data) => new()
    {
        Amount = vector.Number("amount"),
        ExpiresAt = vector.Time("expiresAt"),
        ExecutionCondition = new IlpCondition(vector.Bytes("executionCondition")),
        Destination = IlpAddress.Parse(vector.Text("destination")),
        Data = data,
    };

    /// <summary>The packet the JavaScript library makes of more data than the RFC allows, checked against its hash.</summary>
    private static byte[] LongPrepare(Vector vector, byte[] data)
    {
        var head = Make(vector, []).ToArray();
        byte[] Prefix(int length) =>
            length < 65536 ? [0x82, (byte)(length >> 8), (byte)length] : [0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length];
        byte[] fields = [.. head.AsSpan(2, head.Length - 3), .. Prefix(data.Length), .. data];
        byte[] packet = [12, .. Prefix(fields.Length), .. fields];
        Assert.Equal(vector.Text("packetSha256"), Convert.ToHexStringLower(SHA256.HashData(packet)));
        return packet;
    }
}
