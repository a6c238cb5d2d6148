using System.Text.Json;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Tests.Vectors;

/// <summary>STREAM packets and frames as the vector files describe them.</summary>
internal static class FrameVectors
{
    public static StreamPacket Packet(JsonElement json) => new()
    {
        PacketType = (IlpPacketType)json.GetProperty("ilpPacketType").GetByte(),
        Sequence = Vector.NumberOf(json.GetProperty("sequence")),
        PrepareAmount = Vector.NumberOf(json.GetProperty("prepareAmount")),
        Frames = [.. json.GetProperty("frames").EnumerateArray().Select(Frame)],
    };

    public static void AssertSame(StreamPacket expected, StreamPacket actual)
    {
        Assert.Equal(expected.PacketType, actual.PacketType);
        Assert.Equal(expected.Sequence, actual.Sequence);
        Assert.Equal(expected.PrepareAmount, actual.PrepareAmount);
        Assert.Equal(expected.Frames, actual.Frames);
    }

    private static StreamFrame Frame(JsonElement json)
    {
        ulong Number(string field) => Vector.NumberOf(json.GetProperty(field));
        string Text(string field) => json.GetProperty(field).GetString()!;
        byte[] Bytes(string field) => Convert.FromHexString(Text(field));
        var type = (StreamFrameType)json.GetProperty("type").GetByte();
        Assert.Equal(type.ToString(), Text("name"));
        return type switch
        {
            StreamFrameType.ConnectionClose => new ConnectionCloseFrame((StreamErrorCode)Number("errorCode"), Text("errorMessage")),
            StreamFrameType.ConnectionNewAddress => new ConnectionNewAddressFrame(
                Text("sourceAccount").Length == 0 ? IlpAddress.Empty : IlpAddress.Parse(Text("sourceAccount"))),
            StreamFrameType.ConnectionMaxData => new ConnectionMaxDataFrame(Number("maxOffset")),
            StreamFrameType.ConnectionDataBlocked => new ConnectionDataBlockedFrame(Number("maxOffset")),
            StreamFrameType.ConnectionMaxStreamId => new ConnectionMaxStreamIdFrame(Number("maxStreamId")),
            StreamFrameType.ConnectionStreamIdBlocked => new ConnectionStreamIdBlockedFrame(Number("maxStreamId")),
            StreamFrameType.ConnectionAssetDetails =>
                new ConnectionAssetDetailsFrame(Text("sourceAssetCode"), (byte)Number("sourceAssetScale")),
            StreamFrameType.StreamClose =>
                new StreamCloseFrame(Number("streamId"), (StreamErrorCode)Number("errorCode"), Text("errorMessage")),
            StreamFrameType.StreamMoney => new StreamMoneyFrame(Number("streamId"), Number("shares")),
            StreamFrameType.StreamMaxMoney => new StreamMaxMoneyFrame(Number("streamId"), Number("receiveMax"), Number("totalReceived")),
            StreamFrameType.StreamMoneyBlocked => new StreamMoneyBlockedFrame(Number("streamId"), Number("sendMax"), Number("totalSent")),
            StreamFrameType.StreamData => new StreamDataFrame(Number("streamId"), Number("offset"), Bytes("data")),
            StreamFrameType.StreamMaxData => new StreamMaxDataFrame(Number("streamId"), Number("maxOffset")),
            StreamFrameType.StreamDataBlocked => new StreamDataBlockedFrame(Number("streamId"), Number("maxOffset")),
            StreamFrameType.StreamReceipt => new StreamReceiptFrame(Number("streamId"), Bytes("receipt")),
            _ => throw new InvalidOperationException($"A frame of type {type}."),
        };
    }
}
