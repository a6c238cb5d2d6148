using System.Buffers.Binary;
using System.Numerics;

namespace Interledger.Net.Oer;

/// <summary>
/// Writes OER fields in canonical form into a span (RFC 30). Each write returns whether it fitted; after one that did not, all fail,
/// so writes can be chained with <c>&amp;&amp;</c>. Nothing is allocated.
/// </summary>
/// <param name="output">Where to write.</param>
public ref struct OerWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private bool _full;

    /// <summary>How many bytes were written so far.</summary>
    public int Written { get; private set; }

    /// <summary>The part of the output that is not yet written.</summary>
    public readonly Span<byte> Remaining => _full ? default : _output[Written..];

    /// <summary>The size of a length prefix: 1 byte up to 127, then 2, 3, 4, 5.</summary>
    /// <param name="length">The length to encode, 0 to 2^31-1.</param>
    /// <returns>1 to 5.</returns>
    public static int SizeOfLength(int length) => length < 0x80 ? 1 : 1 + BytesOf((uint)length);

    /// <summary>The size of a VarOctetString, prefix and contents.</summary>
    /// <param name="length">The length of the contents in bytes.</param>
    /// <returns>Bytes on the wire.</returns>
    public static int SizeOfVarOctetString(int length) => SizeOfLength(length) + length;

    /// <summary>The size of a VarUInt, prefix and integer.</summary>
    /// <param name="value">The integer.</param>
    /// <returns>2 to 9.</returns>
    public static int SizeOfVarUInt(ulong value) => 1 + BytesOf(value);

    /// <summary>Writes one byte.</summary>
    /// <param name="value">0 to 255.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteUInt8(byte value)
    {
        if (!TryTake(1, out var room))
            return false;
        room[0] = value;
        return true;
    }

    /// <summary>Writes eight bytes, most significant first.</summary>
    /// <param name="value">0 to 2^64-1.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteUInt64(ulong value)
    {
        if (!TryTake(sizeof(ulong), out var room))
            return false;
        BinaryPrimitives.WriteUInt64BigEndian(room, value);
        return true;
    }

    /// <summary>Writes bytes without a prefix.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteBytes(scoped ReadOnlySpan<byte> value)
    {
        if (!TryTake(value.Length, out var room))
            return false;
        value.CopyTo(room);
        return true;
    }

    /// <summary>Writes a length prefix.</summary>
    /// <param name="length">0 to 2^31-1.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length < 0x80)
            return TryWriteUInt8((byte)length);
        var count = BytesOf((uint)length);
        return TryWriteUInt8((byte)(0x80 | count)) && TryWriteBigEndian((uint)length, count);
    }

    /// <summary>Writes a length prefix and the bytes.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteVarOctetString(scoped ReadOnlySpan<byte> value) => TryWriteLength(value.Length) && TryWriteBytes(value);

    /// <summary>Writes a VarUInt.</summary>
    /// <param name="value">0 to 2^64-1.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWriteVarUInt(ulong value)
    {
        var count = BytesOf(value);
        return TryWriteUInt8((byte)count) && TryWriteBigEndian(value, count);
    }

    /// <summary>Reserves bytes for the caller to fill in.</summary>
    /// <param name="count">How many.</param>
    /// <param name="room">The bytes, a slice of the output.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryTake(int count, out Span<byte> room)
    {
        room = default;
        if (_full || (uint)count > (uint)(_output.Length - Written))
        {
            _full = true;
            return false;
        }

        room = _output.Slice(Written, count);
        Written += count;
        return true;
    }

    private bool TryWriteBigEndian(ulong value, int count)
    {
        if (!TryTake(count, out var room))
            return false;
        for (var i = count - 1; i >= 0; i--, value >>= 8)
            room[i] = (byte)value;
        return true;
    }

    private static int BytesOf(ulong value) => value == 0 ? 1 : (BitOperations.Log2(value) >> 3) + 1;
}
