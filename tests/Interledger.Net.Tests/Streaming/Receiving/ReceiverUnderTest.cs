using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Frames;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Time.Testing;

namespace Interledger.Net.Tests.Streaming.Receiving;

/// <summary>A receiver at a known time, and the sender's half of each exchange written out by hand.</summary>
internal sealed class ReceiverUnderTest
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public ReceiverUnderTest(
        int cachedConnections = 4096, StreamServerSecret? secret = null, IReadOnlyList<StreamServerSecret>? previous = null)
    {
        Clock = new FakeTimeProvider(Start);
        Receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = IlpAddress.Parse("test.host"),
            AssetCode = "XRP",
            AssetScale = 9,
            Secret = secret ?? Secret(1, 1),
            PreviousSecrets = previous ?? [],
            TimeProvider = Clock,
            CachedConnections = cachedConnections,
        });
    }

    public FakeTimeProvider Clock { get; }

    public StreamReceiver Receiver { get; }

    public static StreamServerSecret Secret(byte keyId, byte fill)
    {
        var bytes = new byte[32];
        Array.Fill(bytes, fill);
        return new StreamServerSecret(keyId, bytes);
    }

    public static StreamTokenClaims Claims(string account = "hello", ReceiptSetup? receipts = null, Guid? payment = null) =>
        new() { AccountId = account, ExpiresAt = Start.AddHours(1), Receipts = receipts, IncomingPayment = payment };

    public static IlpPrepare Prepare(
        StreamCredentials credentials, ulong amount, ulong minimum = 0, IReadOnlyList<StreamFrame>? frames = null, ulong sequence = 7,
        IlpPacketType type = IlpPacketType.Prepare, TimeSpan? window = null, bool fulfillable = true, string? destination = null)
    {
        using var keys = new StreamKeys(credentials.SharedSecret);
        var data = new StreamPacket { PacketType = type, Sequence = sequence, PrepareAmount = minimum, Frames = frames ?? [] }.Seal(keys);
        return new IlpPrepare
        {
            Amount = amount,
            ExpiresAt = Start + (window ?? TimeSpan.FromSeconds(30)),
            ExecutionCondition = fulfillable ? keys.Fulfill(data).Condition : default,
            Destination = destination is null ? credentials.DestinationAccount : IlpAddress.Parse(destination),
            Data = data,
        };
    }

    public StreamDecision Receive(IlpPrepare prepare)
    {
        Assert.True(Receiver.TryReceive(prepare.ToArray(), out var decision, out var error), error.ToString());
        return decision;
    }

    public static StreamPacket OpenFulfill(IlpPrepare prepare, StreamCredentials credentials, byte[]? reply)
    {
        Assert.True(IlpFulfill.TryRead(reply, out var fulfill, out var error), error.ToString());
        Assert.Equal(prepare.ExecutionCondition, fulfill.Fulfillment.Condition);
        return Open(fulfill.Data, credentials, IlpPacketType.Fulfill);
    }

    public static StreamPacket OpenReject(string code, StreamCredentials credentials, byte[]? reply)
    {
        var reject = ReadReject(code, reply);
        return Open(reject.Data, credentials, IlpPacketType.Reject);
    }

    public static IlpReject ReadReject(string code, byte[]? reply)
    {
        Assert.True(IlpReject.TryRead(reply, out var reject, out var error), error.ToString());
        Assert.Equal(code, reject.Code.ToString());
        Assert.Equal("test.host", reject.TriggeredBy.ToString());
        return reject;
    }

    private static StreamPacket Open(ReadOnlyMemory<byte> data, StreamCredentials credentials, IlpPacketType type)
    {
        using var keys = new StreamKeys(credentials.SharedSecret);
        Assert.True(StreamPacket.TryOpen(data.Span, keys, out var packet, out var error), error.ToString());
        Assert.Equal(type, packet.PacketType);
        return packet;
    }
}
