using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming;

/// <summary>
/// A decrypted STREAM packet read in place, without a copy or an allocation (RFC 29, "STREAM Packet"). Reading it validates the bounds of
/// all frames; their contents are validated when they are read.
/// <code>
/// +------------+--------------------+--------------------+--------------------------+-----------------------+--------+---------------+
/// | version u8 | ILP packet type u8 | sequence (VarUInt) | prepare amount (VarUInt) | frame count (VarUInt) | frames | junk, ignored |
/// +------------+--------------------+--------------------+--------------------------+-----------------------+--------+---------------+
/// </code>
/// </summary>
public readonly ref struct StreamPacketView
{
    /// <summary>The only version there is.</summary>
    public const byte Version = 1;

    private readonly ReadOnlySpan<byte> _frames;

    private StreamPacketView(IlpPacketType packetType, ulong sequence, ulong prepareAmount, ulong frameCount, ReadOnlySpan<byte> frames)
    {
        PacketType = packetType;
        Sequence = sequence;
        PrepareAmount = prepareAmount;
        FrameCount = frameCount;
        _frames = frames;
    }

    /// <summary>The type of the ILP packet that must carry this one; the caller compares the two.</summary>
    public IlpPacketType PacketType { get; }

    /// <summary>The sequence number of a Prepare; the reply repeats it.</summary>
    public ulong Sequence { get; }

    /// <summary>In a Prepare the minimum the receiver should accept, in a reply the amount that arrived.</summary>
    public ulong PrepareAmount { get; }

    /// <summary>The number of frames, unknown ones included.</summary>
    public ulong FrameCount { get; }

    /// <summary>The frames, one after the other.</summary>
    public StreamFrameReader Frames => new(_frames, FrameCount);

    /// <summary>Reads a decrypted packet in place.</summary>
    /// <param name="plaintext">The decrypted envelope; the view lives as long as these bytes.</param>
    /// <param name="packet">The view.</param>
    /// <param name="error">
    /// Why not: <see cref="WireError.UnsupportedVersion"/>, <see cref="WireError.UnexpectedPacketType"/> or an OER error.
    /// </param>
    /// <returns>False when it is not a valid packet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> plaintext, out StreamPacketView packet, out WireError error)
    {
        packet = default;
        var reader = new OerReader(plaintext);
        byte type = 0;
        ulong sequence = 0, prepareAmount = 0, frameCount = 0;
        var valid = reader.TryReadUInt8(out var version)
            && (version == Version || reader.Fail(WireError.UnsupportedVersion))
            && reader.TryReadUInt8(out type)
            && (type is >= 12 and <= 14 || reader.Fail(WireError.UnexpectedPacketType))
            && reader.TryReadVarUInt(out sequence)
            && reader.TryReadVarUInt(out prepareAmount)
            && reader.TryReadVarUInt(out frameCount);
        error = reader.Error;
        if (!valid)
            return false;
        var frames = new StreamFrameReader(reader.Remaining, frameCount);
        while (frames.TryReadNext())
        {
        }

        error = frames.Error;
        if (error == WireError.None)
            packet = new StreamPacketView((IlpPacketType)type, sequence, prepareAmount, frameCount, reader.Remaining);
        return error == WireError.None;
    }
}
