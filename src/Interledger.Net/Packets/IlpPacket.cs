using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Packets;

/// <summary>One ILPv4 packet (RFC 27): an <see cref="IlpPrepare"/>, <see cref="IlpFulfill"/> or <see cref="IlpReject"/>.</summary>
public abstract class IlpPacket
{
    /// <summary>The most bytes the data field holds: 32,767.</summary>
    public const int MaxDataLength = 32767;

    /// <summary>The longest valid packet, in bytes; a longer body need not be read.</summary>
    public const int MaxLength = 65536;

    private protected IlpPacket()
    {
    }

    /// <summary>The packet's first byte.</summary>
    public abstract IlpPacketType Type { get; }

    /// <summary>The packet's length on the wire in bytes.</summary>
    public abstract int EncodedLength { get; }

    /// <summary>The type of a packet, by its first byte.</summary>
    /// <param name="packet">The bytes of a packet.</param>
    /// <returns><see cref="IlpPacketType.None"/> for any other byte.</returns>
    public static IlpPacketType PeekType(ReadOnlySpan<byte> packet) =>
        packet.IsEmpty || packet[0] is not (>= 12 and <= 14) ? IlpPacketType.None : (IlpPacketType)packet[0];

    /// <summary>Reads any packet; its data is copied.</summary>
    /// <param name="bytes">The whole packet and nothing after it.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="error">Why not.</param>
    /// <returns>False when the bytes are not a valid packet.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IlpPacket? packet, out WireError error)
    {
        switch (PeekType(bytes))
        {
            case IlpPacketType.Prepare:
                IlpPrepare.TryRead(bytes, out var prepare, out error);
                packet = prepare;
                break;
            case IlpPacketType.Fulfill:
                IlpFulfill.TryRead(bytes, out var fulfill, out error);
                packet = fulfill;
                break;
            case IlpPacketType.Reject:
                IlpReject.TryRead(bytes, out var reject, out error);
                packet = reject;
                break;
            default:
                packet = null;
                error = bytes.IsEmpty ? WireError.Truncated : WireError.UnexpectedPacketType;
                break;
        }

        return packet is not null;
    }

    /// <summary>Reads any packet from a sequence; a single segment is not copied first.</summary>
    /// <param name="bytes">The whole packet and nothing after it, at most <see cref="MaxLength"/> bytes.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="error">Why not; <see cref="WireError.DataTooLong"/> above the limit.</param>
    /// <returns>False when the bytes are not a valid packet.</returns>
    public static bool TryRead(in ReadOnlySequence<byte> bytes, [NotNullWhen(true)] out IlpPacket? packet, out WireError error)
    {
        if (bytes.IsSingleSegment)
            return TryRead(bytes.FirstSpan, out packet, out error);
        packet = null;
        error = WireError.DataTooLong;
        if (bytes.Length > MaxLength)
            return false;
        var rented = ArrayPool<byte>.Shared.Rent((int)bytes.Length);
        bytes.CopyTo(rented);
        var valid = TryRead(rented.AsSpan(0, (int)bytes.Length), out packet, out error);
        ArrayPool<byte>.Shared.Return(rented);
        return valid;
    }

    /// <summary>Writes the packet.</summary>
    /// <param name="destination">At least <see cref="EncodedLength"/> bytes.</param>
    /// <param name="written">The bytes written.</param>
    /// <returns>False when there is no room.</returns>
    public abstract bool TryWrite(Span<byte> destination, out int written);

    /// <summary>The packet as a new array.</summary>
    /// <returns><see cref="EncodedLength"/> bytes.</returns>
    public byte[] ToArray()
    {
        var bytes = new byte[EncodedLength];
        TryWrite(bytes, out _);
        return bytes;
    }
}
