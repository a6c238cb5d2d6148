namespace Interledger.Net.Packets;

/// <summary>
/// A Prepare read in place, without a copy or an allocation (RFC 27, "ILP Prepare"), for programs that handle many. All fields are
/// validated when it is read.
/// <code>
/// +------+--------+------------+------------------+--------------+-------------------+-------------------+
/// |  12  | length | amount u64 | expiresAt 17     | condition 32 | destination (var) | data (var)        |
/// +------+--------+------------+------------------+--------------+-------------------+-------------------+
/// </code>
/// </summary>
public readonly ref struct IlpPrepareView
{
    private IlpPrepareView(
        ulong amount, DateTimeOffset expiresAt, ReadOnlySpan<byte> condition, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> data)
    {
        Amount = amount;
        ExpiresAt = expiresAt;
        ExecutionCondition = condition;
        Destination = destination;
        Data = data;
    }

    /// <summary>Units of the asset of the link the packet came over; 0 to 2^64-1.</summary>
    public ulong Amount { get; }

    /// <summary>When the packet expires, UTC, in whole milliseconds.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The execution condition, 32 bytes.</summary>
    public ReadOnlySpan<byte> ExecutionCondition { get; }

    /// <summary>A valid ILP address in ASCII, 1 to 1023 bytes.</summary>
    public ReadOnlySpan<byte> Destination { get; }

    /// <summary>0 to 32,767 bytes, for the receiver.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads a Prepare in place.</summary>
    /// <param name="packet">The whole packet and nothing after it; the view lives as long as these bytes.</param>
    /// <param name="prepare">The view.</param>
    /// <param name="error">
    /// Why not: an OER error, <see cref="WireError.UnexpectedPacketType"/>, <see cref="WireError.InvalidExpiry"/>,
    /// <see cref="WireError.InvalidAddress"/>, <see cref="WireError.DataTooLong"/> or <see cref="WireError.TrailingBytes"/>.
    /// </param>
    /// <returns>False when the bytes are not a valid Prepare.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out IlpPrepareView prepare, out WireError error)
    {
        prepare = default;
        if (!PacketEnvelope.TryOpen(packet, IlpPacketType.Prepare, out var fields, out error))
            return false;
        DateTimeOffset expiresAt = default;
        ReadOnlySpan<byte> condition = default, destination = default, data = default;
        var valid = fields.TryReadUInt64(out var amount)
            && fields.TryReadBytes(IlpTimestamp.Length, out var digits)
            && (IlpTimestamp.TryRead(digits, out expiresAt) || fields.Fail(WireError.InvalidExpiry))
            && fields.TryReadBytes(IlpCondition.Length, out condition)
            && fields.TryReadVarOctetString(out destination)
            && (IlpAddress.IsValid(destination) || fields.Fail(WireError.InvalidAddress))
            && fields.TryReadVarOctetString(IlpPacket.MaxDataLength, out data);
        error = fields.Error;
        if (valid)
            prepare = new IlpPrepareView(amount, expiresAt, condition, destination, data);
        return valid;
    }

    /// <summary>Copies the view into a packet that outlives the bytes.</summary>
    /// <returns>The same Prepare.</returns>
    public IlpPrepare ToPrepare() => new()
    {
        Amount = Amount,
        ExpiresAt = ExpiresAt,
        ExecutionCondition = new IlpCondition(ExecutionCondition),
        Destination = IlpAddress.TryParse(Destination, out var destination) ? destination : default,
        Data = Data.ToArray(),
    };
}
