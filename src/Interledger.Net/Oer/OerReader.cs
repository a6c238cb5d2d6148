using System.Buffers.Binary;

namespace Interledger.Net.Oer;

/// <summary>
/// Reads OER fields from a span, in canonical form only (RFC 30). The first failure is kept in <see cref="Error"/> and every later read
/// fails too, so reads can be chained with <c>&amp;&amp;</c> and the error checked once. Nothing is copied or allocated; no read goes
/// past the end.
/// </summary>
/// <param name="input">The bytes to read.</param>
public ref struct OerReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    /// <summary>The error of the first read that failed; <see cref="WireError.None"/> if none did.</summary>
    public WireError Error { get; private set; }

    /// <summary>The bytes not yet read.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _rest;

    /// <summary>Marks the input as invalid, for an error that only the caller can detect.</summary>
    /// <param name="error">The reason; the first one is kept.</param>
    /// <returns>Always false, to end a chain of reads.</returns>
    public bool Fail(WireError error)
    {
        if (Error == WireError.None)
            Error = error;
        _rest = default;
        return false;
    }

    /// <summary>Reads one byte.</summary>
    /// <param name="value">0 to 255.</param>
    /// <returns>False: <see cref="WireError.Truncated"/>.</returns>
    public bool TryReadUInt8(out byte value)
    {
        value = 0;
        if (_rest.IsEmpty)
            return Fail(WireError.Truncated);
        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads eight bytes, most significant first.</summary>
    /// <param name="value">0 to 2^64-1.</param>
    /// <returns>False: <see cref="WireError.Truncated"/>.</returns>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_rest, out value))
            return Fail(WireError.Truncated);
        _rest = _rest[8..];
        return true;
    }

    /// <summary>Reads a field of a fixed length.</summary>
    /// <param name="count">Its length in bytes.</param>
    /// <param name="value">The bytes, a slice of the input.</param>
    /// <returns>False: <see cref="WireError.Truncated"/>.</returns>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> value)
    {
        value = default;
        if ((uint)count > (uint)_rest.Length)
            return Fail(WireError.Truncated);
        value = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads a length prefix: one byte up to 127, or <c>0x80 | n</c> and n bytes (RFC 30).</summary>
    /// <param name="length">0 to 2^31-1, not yet compared with what is left.</param>
    /// <returns>
    /// False: <see cref="WireError.Truncated"/>, <see cref="WireError.IndefiniteLength"/>, <see cref="WireError.NonCanonicalLength"/>
    /// or <see cref="WireError.LengthTooLarge"/>.
    /// </returns>
    public bool TryReadLength(out int length)
    {
        length = 0;
        if (!TryReadUInt8(out var first))
            return false;
        if (first < 0x80)
        {
            length = first;
            return true;
        }

        var count = first & 0x7F;
        if (count == 0)
            return Fail(WireError.IndefiniteLength);
        if (count > 8)
            return Fail(WireError.LengthTooLarge);
        if (!TryReadBytes(count, out var bytes))
            return false;
        if (bytes[0] == 0)
            return Fail(WireError.NonCanonicalLength);
        var value = BigEndian(bytes);
        if (value < 0x80)
            return Fail(WireError.NonCanonicalLength);
        if (value > int.MaxValue)
            return Fail(WireError.LengthTooLarge);
        length = (int)value;
        return true;
    }

    /// <summary>Reads a length prefix and as many bytes (RFC 30).</summary>
    /// <param name="value">The bytes, a slice of the input.</param>
    /// <returns>
    /// False: the errors of <see cref="TryReadLength"/>, or <see cref="WireError.Truncated"/> when fewer bytes are left than claimed.
    /// </returns>
    public bool TryReadVarOctetString(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadLength(out var length) && TryReadBytes(length, out value);
    }

    /// <summary>Reads a VarOctetString of limited length; the length is checked before the contents are read.</summary>
    /// <param name="maxLength">The most bytes allowed.</param>
    /// <param name="value">The bytes, a slice of the input.</param>
    /// <returns>
    /// False: the errors of <see cref="TryReadVarOctetString(out ReadOnlySpan{byte})"/>, or <see cref="WireError.DataTooLong"/>.
    /// </returns>
    public bool TryReadVarOctetString(int maxLength, out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadLength(out var length)
            && (length <= maxLength || Fail(WireError.DataTooLong))
            && TryReadBytes(length, out value);
    }

    /// <summary>
    /// Reads a VarUInt: a length prefix, then the integer's bytes, most significant first, without leading zeros (RFC 30).
    /// </summary>
    /// <param name="value">0 to 2^64-1.</param>
    /// <returns>
    /// False: the errors of <see cref="TryReadVarOctetString(out ReadOnlySpan{byte})"/>, <see cref="WireError.EmptyInteger"/>,
    /// <see cref="WireError.LeadingZero"/> or <see cref="WireError.IntegerTooLarge"/>.
    /// </returns>
    public bool TryReadVarUInt(out ulong value)
    {
        value = 0;
        if (!TryReadIntegerBytes(out var bytes))
            return false;
        if (bytes.Length > sizeof(ulong))
            return Fail(WireError.IntegerTooLarge);
        value = BigEndian(bytes);
        return true;
    }

    /// <summary>Reads a VarUInt of any size, saturating at 2^64-1, as STREAM requires for limits such as receiveMax (RFC 29).</summary>
    /// <param name="value">The integer, or 2^64-1 if it is larger.</param>
    /// <returns>False: the errors of <see cref="TryReadVarUInt"/> without <see cref="WireError.IntegerTooLarge"/>.</returns>
    public bool TryReadSaturatingVarUInt(out ulong value)
    {
        value = 0;
        if (!TryReadIntegerBytes(out var bytes))
            return false;
        value = bytes.Length > sizeof(ulong) ? ulong.MaxValue : BigEndian(bytes);
        return true;
    }

    /// <summary>
    /// Whether everything was read and nothing failed; bytes left over become <see cref="WireError.TrailingBytes"/>.
    /// </summary>
    /// <returns>True at the end of valid input.</returns>
    public bool TryFinish()
    {
        if (!_rest.IsEmpty)
            return Fail(WireError.TrailingBytes);
        return Error == WireError.None;
    }

    private bool TryReadIntegerBytes(out ReadOnlySpan<byte> bytes)
    {
        if (!TryReadVarOctetString(out bytes))
            return false;
        if (bytes.IsEmpty)
            return Fail(WireError.EmptyInteger);
        if (bytes[0] == 0 && bytes.Length > 1)
            return Fail(WireError.LeadingZero);
        return true;
    }

    private static ulong BigEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var part in bytes)
            value = value << 8 | part;
        return value;
    }
}
