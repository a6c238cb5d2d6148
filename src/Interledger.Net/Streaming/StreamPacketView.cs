using Interledger.Net.Oer;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;

namespace Interledger.Net.Streaming;

/// <summary>
/// A decrypted STREAM packet read in place, without a copy or an allocation (RFC 29, "STREAM Packet"). The bounds of all frames are checked
/// when it is read, their contents when they are opened.
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

    /// <summary>The type of the ILP packet that must carry this one; the caller compares.</summary>
    public IlpPacketType PacketType { get; }

    /// <summary>Numbers a sender's Prepares; the reply repeats it.</summary>
    public ulong Sequence { get; }

    /// <summary>In a Prepare the least units the receiver should accept, in a reply the units that arrived.</summary>
    public ulong PrepareAmount { get; }

    /// <summary>How many frames there are, unknown ones included.</summary>
    public ulong FrameCount { get; }

    /// <summary>The frames, one after the other.</summary>
    public StreamFrameReader Frames => new(_frames, FrameCount);

    /// <summary>Reads a decrypted packet in place.</summary>
    /// <param name="plaintext">What the envelope held; the view lives as long as these bytes.</param>
    /// <param name="packet">The view.</param>
    /// <param name="error">
    /// Why not: <see cref="WireError.UnsupportedVersion"/>, <see cref="WireError.UnexpectedPacketType"/> or an OER error.
    /// </param>
    /// <returns>False when it is not a sound packet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> plaintext, out StreamPacketView packet, out WireError error)
    {
        packet = default;
        var reader = new OerReader(plaintext);
        byte type = 0;
        ulong sequence = 0, prepareAmount = 0, frameCount = 0;
        var sound = reader.TryReadUInt8(out var version)
            && (version == Version || reader.Fail(WireError.UnsupportedVersion))
            && reader.TryReadUInt8(out type)
            && (type is >= 12 and <= 14 || reader.Fail(WireError.UnexpectedPacketType))
            && reader.TryReadVarUInt(out sequence)
            && reader.TryReadVarUInt(out prepareAmount)
            && reader.TryReadVarUInt(out frameCount);
        error = reader.Error;
        if (!sound)
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
