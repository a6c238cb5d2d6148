using System.Security.Cryptography;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Receiving;

namespace Interledger.Net.Tests.Vectors;

public sealed class StreamVectorTests
{
    [Theory]
    [MemberData(nameof(VectorFiles.Section), "stream", MemberType = typeof(VectorFiles))]
    public void STREAM_packets_are_written_encrypted_decrypted_and_read(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "stream", index);
        var made = FrameVectors.Packet(vector.Json);
        var plaintext = vector.Bytes("plaintext");
        var padding = vector.Has("padding") ? (int)vector.Number("padding") : 0;

        // Some were padded to a size by the sender; the padding after the frames has no meaning.
        var unpadded = plaintext.AsSpan(0, made.EncodedLength).ToArray();
        Assert.True(padding > 0 || unpadded.Length == plaintext.Length);
        Codec.AssertWrites(unpadded, made.TryWrite);
        Assert.True(StreamPacket.TryRead(plaintext, out var read, out _));
        FrameVectors.AssertSame(made, read);
        Codec.AssertRefusesEveryPrefix(unpadded, bytes => StreamPacket.TryRead(bytes, out _, out var error) ? WireError.None : error);

        var envelope = vector.Bytes("encrypted");
        using var keys = new StreamKeys(new StreamSecret(vector.Bytes("sharedSecret")));
        Assert.True(StreamPacket.TryOpen(envelope, keys, out var opened, out _));
        FrameVectors.AssertSame(made, opened);
        Assert.Equal(vector.Bytes("iv"), envelope[..StreamEnvelope.IvLength]);
        Assert.Equal(new IlpFulfillment(vector.Bytes("fulfillment")), keys.Fulfill(envelope));
        Assert.Equal(vector.Text("condition"), keys.Fulfill(envelope).Condition.ToString());
        Assert.True(StreamPacket.TryOpen(made.Seal(keys), keys, out var sealedHere, out _));
        FrameVectors.AssertSame(made, sealedHere);
        AssertDerives(vector);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "streamOdd", MemberType = typeof(VectorFiles))]
    public void Odd_STREAM_packets_are_refused_by_name(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "streamOdd", index);

        var taken = StreamPacket.TryRead(vector.Bytes("plaintext"), out var packet, out var error);

        if (Strictness.Judge(vector, vector.JavaScriptTakesIt, taken, error))
            FrameVectors.AssertSame(FrameVectors.Packet(vector.Json.GetProperty("js").GetProperty("ok")), packet!);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "streamEnvelope", MemberType = typeof(VectorFiles))]
    public void Changed_envelopes_do_not_open(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "streamEnvelope", index);
        var data = vector.Bytes("data");
        using var keys = StreamKeys.FromEncryptionKey(vector.Bytes("key"));
        var opens = vector.Json.GetProperty("opens").GetBoolean();

        var plaintext = new byte[data.Length];
        Assert.Equal(opens, keys.TryOpen(data, plaintext, out var written, out var error));

        Assert.Equal(opens ? data.Length - StreamEnvelope.Overhead : 0, written);
        Assert.Equal(opens ? WireError.None : data.Length < StreamEnvelope.Overhead ? WireError.Truncated : WireError.NotAuthentic, error);
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "keys", MemberType = typeof(VectorFiles))]
    public void Keys_fulfillments_and_packet_ids_are_derived_as_by_others(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "keys", index);
        AssertDerives(vector);
        var id = new byte[32];
        StreamKeys.DerivePacketId(vector.Bytes("sharedSecret"), vector.Number("sequence"), id);
        Assert.Equal(vector.Bytes("packetId"), id);

        var fulfillment = HMACSHA256.HashData(vector.Bytes("fulfillmentKey"), vector.Bytes("data"));
        Assert.Equal(vector.Bytes("fulfillment"), fulfillment);
        if (vector.Bytes("sharedSecret").Length != StreamSecret.Length)
        {
            // RFC 29 says 32 bytes; the JavaScript libraries derive from any number.
            Assert.Throws<ArgumentException>(() => new StreamSecret(vector.Bytes("sharedSecret")));
            return;
        }

        using var keys = new StreamKeys(new StreamSecret(vector.Bytes("sharedSecret")));
        Assert.Equal(new IlpFulfillment(fulfillment), keys.Fulfill(vector.Bytes("data")));
        Assert.Equal(vector.Text("condition"), keys.Fulfill(vector.Bytes("data")).Condition.ToString());
    }

    [Theory]
    [MemberData(nameof(VectorFiles.Section), "serverTokens", MemberType = typeof(VectorFiles))]
    public void Shared_secrets_follow_from_tokens_by_the_common_rule(string file, int index, string name)
    {
        _ = name;
        var vector = VectorFiles.Get(file, "serverTokens", index);
        var token = vector.Bytes("token");

        Assert.Equal(new StreamSecret(vector.Bytes("sharedSecret")),
            new StreamServerSecret(0, vector.Bytes("serverSecret")).SharedSecretFor(token));
        Assert.EndsWith("." + System.Buffers.Text.Base64Url.EncodeToString(token), vector.Text("destination"), StringComparison.Ordinal);
        Assert.True(IlpAddress.TryParse(vector.Text("destination"), out _));
    }

    private static void AssertDerives(Vector vector)
    {
        var key = new byte[StreamKeys.KeyLength];
        StreamKeys.DeriveEncryptionKey(vector.Bytes("sharedSecret"), key);
        Assert.Equal(vector.Bytes("encryptionKey"), key);
        StreamKeys.DeriveFulfillmentKey(vector.Bytes("sharedSecret"), key);
        Assert.Equal(vector.Bytes("fulfillmentKey"), key);
    }
}
