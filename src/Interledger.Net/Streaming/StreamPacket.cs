using System.Diagnostics.CodeAnalysis;
using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming;

/// <summary>
/// A STREAM packet, carried in the data of an ILP packet (RFC 29, "STREAM Packet"). Wire format: <see cref="StreamPacketView"/>.
/// </summary>
public sealed class StreamPacket
{
    /// <summary>The type of the ILP packet that carries this one; the peer compares the two.</summary>
    public required IlpPacketType PacketType { get; init; }

    /// <summary>The sequence number of a Prepare; the reply repeats it. 0 to 2^64-1.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>In a Prepare the minimum the receiver should accept, in a reply the amount that arrived. 0 to 2^64-1.</summary>
    public ulong PrepareAmount { get; init; }

    /// <summary>The frames in order; unknown ones are skipped when a packet is read.</summary>
    public IReadOnlyList<StreamFrame> Frames { get; init; } = [];

    /// <summary>The packet's length before encryption in bytes.</summary>
    public int EncodedLength
    {
        get
        {
            var length = 2 + OerWriter.SizeOfVarUInt(Sequence) + OerWriter.SizeOfVarUInt(PrepareAmount)
                + OerWriter.SizeOfVarUInt((ulong)Frames.Count);
            foreach (var frame in Frames)
                length += frame.EncodedLength;
            return length;
        }
    }

    /// <summary>Reads a decrypted packet.</summary>
    /// <param name="plaintext">The decrypted envelope.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="error">Why not: see <see cref="StreamPacketView.TryRead"/> and <see cref="StreamFrame.TryReadContents"/>.</param>
    /// <returns>False when it is not a valid packet, or a frame of known type is not valid.</returns>
    public static bool TryRead(ReadOnlySpan<byte> plaintext, [NotNullWhen(true)] out StreamPacket? packet, out WireError error)
    {
        packet = null;
        if (!StreamPacketView.TryRead(plaintext, out var view, out error))
            return false;
        var known = new List<StreamFrame>();
        var frames = view.Frames;
        while (frames.TryReadNext())
        {
            if (StreamFrame.TryReadContents(frames.Type, frames.Contents, out var frame, out error))
                known.Add(frame);
            else if (error != WireError.UnknownFrameType)
                return false;
        }

        error = WireError.None;
        packet = new StreamPacket
        {
            PacketType = view.PacketType,
            Sequence = view.Sequence,
            PrepareAmount = view.PrepareAmount,
            Frames = known
        };
        return true;
    }

    /// <summary>Decrypts and reads a packet.</summary>
    /// <param name="envelope">The data field of an ILP packet.</param>
    /// <param name="keys">The connection's keys.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="error">Why not: see <see cref="StreamKeys.TryOpen"/> and <see cref="TryRead"/>.</param>
    /// <returns>False when it is not a valid packet of this connection.</returns>
    public static bool TryOpen(
        ReadOnlySpan<byte> envelope, StreamKeys keys, [NotNullWhen(true)] out StreamPacket? packet, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(keys);
        packet = null;
        var plaintext = new byte[Math.Max(0, envelope.Length - StreamEnvelope.Overhead)];
        return keys.TryOpen(envelope, plaintext, out _, out error) && TryRead(plaintext, out packet, out error);
    }

    /// <summary>Writes the packet unencrypted.</summary>
    /// <param name="destination">At least <see cref="EncodedLength"/> bytes.</param>
    /// <param name="written">The bytes written.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWrite(Span<byte> destination, out int written)
    {
        var writer = new OerWriter(destination);
        var whole = writer.TryWriteUInt8(StreamPacketView.Version) && writer.TryWriteUInt8((byte)PacketType)
            && writer.TryWriteVarUInt(Sequence) && writer.TryWriteVarUInt(PrepareAmount) && writer.TryWriteVarUInt((ulong)Frames.Count);
        for (var i = 0; whole && i < Frames.Count; i++)
            whole = Frames[i].TryWrite(ref writer);
        written = whole ? writer.Written : 0;
        return whole;
    }

    /// <summary>Writes and encrypts the packet.</summary>
    /// <param name="keys">The connection's keys.</param>
    /// <returns>The data field for an ILP packet, 28 bytes longer than <see cref="EncodedLength"/>.</returns>
    public byte[] Seal(StreamKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var envelope = new byte[StreamEnvelope.Overhead + EncodedLength];
        var contents = envelope.AsSpan(StreamEnvelope.Overhead);
        TryWrite(contents, out _);
        keys.Seal(contents, envelope);
        return envelope;
    }
}
