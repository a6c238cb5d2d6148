using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Interledger.Net.Oer;
using Interledger.Net.Packets;

namespace Interledger.Net.Tests.Vectors;

/// <summary>
/// BTP (RFC 23) carries ILP packets over WebSockets between older connectors. The library does not implement it, but its messages are pure
/// OER: here they are decoded and encoded with the library's reader and writer alone, and the ILP packets inside are read.
/// </summary>
public sealed class BtpVectorTests
{
    private const byte Error = 2, Transfer = 7;

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "btp", MemberType = typeof(VectorFiles))]
    public void BTP_messages_are_OER(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "btp", index);
        var packet = vector.Bytes("packet");
        Codec.AssertWritesOer(packet, (ref writer) => TryWrite(ref writer, vector.Json));
        Assert.Equal(WireError.None, Read(packet, vector.Json));
        Codec.AssertRefusesEveryPrefix(packet, bytes => Read(bytes, null));
    }

    private static bool TryWrite(ref OerWriter writer, JsonElement message)
    {
        var contents = new byte[1 << 17];
        var inner = new OerWriter(contents);
        var (type, data) = (message.GetProperty("type").GetByte(), message.GetProperty("data"));
        if (type == Transfer)
            inner.TryWriteUInt64(Vector.NumberOf(data.GetProperty("amount")));
        if (type == Error)
        {
            inner.TryWriteBytes(Utf8(data, "code"));
            inner.TryWriteVarOctetString(Utf8(data, "name"));
            inner.TryWriteVarOctetString(Time(data));
            inner.TryWriteVarOctetString(Utf8(data, "data"));
        }

        inner.TryWriteVarUInt((ulong)data.GetProperty("protocolData").GetArrayLength());
        foreach (var protocol in data.GetProperty("protocolData").EnumerateArray())
        {
            inner.TryWriteVarOctetString(Utf8(protocol, "protocolName"));
            inner.TryWriteUInt8(protocol.GetProperty("contentType").GetByte());
            inner.TryWriteVarOctetString(Convert.FromHexString(protocol.GetProperty("data").GetString()!));
        }

        Span<byte> requestId = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(requestId, message.GetProperty("requestId").GetUInt32());
        return writer.TryWriteUInt8(type) && writer.TryWriteBytes(requestId)
            && writer.TryWriteVarOctetString(contents.AsSpan(0, inner.Written));
    }

    /// <param name="bytes">The message.</param>
    /// <param name="expected">The expected contents; null to check only whether it can be read.</param>
    private static WireError Read(ReadOnlySpan<byte> bytes, JsonElement? expected)
    {
        var reader = new OerReader(bytes);
        if (!reader.TryReadUInt8(out var type) || !reader.TryReadBytes(4, out _)
            || !reader.TryReadVarOctetString(out var contents) || !reader.TryFinish())
            return reader.Error;
        var inner = new OerReader(contents);
        ulong amount = 0;
        _ = (type != Transfer || inner.TryReadUInt64(out amount))
            && (type != Error || (inner.TryReadBytes(3, out _) && inner.TryReadVarOctetString(out _) && inner.TryReadVarOctetString(out _)
                && inner.TryReadVarOctetString(out _)));
        if (inner.TryReadVarUInt(out var count) && expected is { } message)
        {
            var data = message.GetProperty("data");
            Assert.Equal(message.GetProperty("type").GetByte(), type);
            if (type == Transfer)
                Assert.Equal(Vector.NumberOf(data.GetProperty("amount")), amount);
            Assert.Equal(data.GetProperty("protocolData").GetArrayLength(), (int)count);
            foreach (var protocol in data.GetProperty("protocolData").EnumerateArray())
            {
                Assert.True(inner.TryReadVarOctetString(out var protocolName) & inner.TryReadUInt8(out var contentType)
                    & inner.TryReadVarOctetString(out var value));
                Assert.Equal(protocol.GetProperty("protocolName").GetString(), Encoding.UTF8.GetString(protocolName));
                Assert.Equal(protocol.GetProperty("contentType").GetByte(), contentType);
                Assert.Equal(protocol.GetProperty("data").GetString(), Convert.ToHexStringLower(value));
                if (protocolName.SequenceEqual("ilp"u8))
                    Assert.True(IlpPacket.TryRead(value, out _, out _));
            }

            inner.TryFinish();
        }

        return inner.Error;
    }

    private static byte[] Utf8(JsonElement element, string field) => Encoding.UTF8.GetBytes(element.GetProperty(field).GetString()!);

    private static byte[] Time(JsonElement data) =>
        Encoding.ASCII.GetBytes(data.GetProperty("triggeredAt").GetDateTimeOffset().UtcDateTime.ToString("yyyyMMddHHmmss.fff'Z'", null));
}
