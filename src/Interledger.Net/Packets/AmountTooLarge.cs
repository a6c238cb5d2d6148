using Interledger.Net.Oer;

namespace Interledger.Net.Packets;

/// <summary>
/// The data of a Reject F08 (RFC 27, "F08 Amount Too Large"): the amount that the rejecting node received, and the largest it accepts.
/// <code>
/// +--------------------+--------------------+
/// | receivedAmount u64 | maximumAmount u64  |
/// +--------------------+--------------------+
/// </code>
/// </summary>
/// <param name="Received">Units that the rejecting node received, in its asset.</param>
/// <param name="Maximum">The most units it would have accepted, in the same asset.</param>
public readonly record struct AmountTooLarge(ulong Received, ulong Maximum)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    /// <summary>Reads the data of an F08.</summary>
    /// <param name="data">The Reject's data.</param>
    /// <param name="amounts">The amounts.</param>
    /// <param name="error"><see cref="WireError.WrongLength"/> unless there are exactly 16 bytes.</param>
    /// <returns>False when the data is something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, out AmountTooLarge amounts, out WireError error)
    {
        var reader = new OerReader(data);
        var valid = data.Length == Length & reader.TryReadUInt64(out var received) & reader.TryReadUInt64(out var maximum);
        amounts = valid ? new AmountTooLarge(received, maximum) : default;
        error = valid ? WireError.None : WireError.WrongLength;
        return valid;
    }

    /// <summary>Writes the data of an F08.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    /// <param name="written">16.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWrite(Span<byte> destination, out int written)
    {
        var writer = new OerWriter(destination);
        var whole = writer.TryWriteUInt64(Received) && writer.TryWriteUInt64(Maximum);
        written = whole ? Length : 0;
        return whole;
    }
}
