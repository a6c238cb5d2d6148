using System.Buffers;
using Interledger.Net.Packets;

namespace Interledger.Net.Tests.Vectors;

/// <summary>
/// A packet's bytes in every segmentation: whole, in two segments at every split, byte by byte, truncated anywhere, into every buffer.
/// </summary>
internal static class PacketAssert
{
    public static void Everyway(byte[] bytes, IlpPacket packet)
    {
        Assert.Equal(bytes.Length, packet.EncodedLength);
        Codec.AssertWrites(bytes, packet.TryWrite);
        Codec.AssertRefusesEveryPrefix(bytes, prefix => IlpPacket.TryRead(prefix, out _, out var error) ? WireError.None : error);
        SamePiecewise(bytes, WireError.None);
    }

    public static void SamePiecewise(byte[] bytes, WireError expected)
    {
        IlpPacket.TryRead(bytes, out var whole, out var error);
        Assert.Equal(expected, error);
        var step = Math.Max(1, bytes.Length / 1500);
        for (var split = 0; split <= bytes.Length; split += step)
            Same([bytes.AsMemory(0, split), bytes.AsMemory(split)]);
        Same([.. bytes.Select((_, i) => bytes.AsMemory(i, 1))]);

        void Same(Memory<byte>[] pieces)
        {
            IlpPacket.TryRead(Sequence(pieces), out var read, out var pieceError);
            Assert.Equal(expected, pieceError);
            Assert.Equal(whole?.ToArray(), read?.ToArray());
        }
    }

    private static ReadOnlySequence<byte> Sequence(Memory<byte>[] pieces)
    {
        if (pieces.Length == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Piece(pieces[0], null);
        var last = first;
        foreach (var piece in pieces.Skip(1))
            last = new Piece(piece, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
