using System.Diagnostics.CodeAnalysis;

namespace Interledger.Net.Packets;

/// <summary>
/// The code of a Reject (RFC 27, "Error Codes"): three characters; the RFC's codes are F, T or R and two digits. Others are preserved.
/// </summary>
public readonly struct IlpErrorCode : IEquatable<IlpErrorCode>
{
    /// <summary>Length on the wire in bytes.</summary>
    public const int Length = 3;

    private readonly uint _packed;

    private IlpErrorCode(uint packed) => _packed = packed;

    /// <summary>F00: a bad request without a more specific code.</summary>
    public static IlpErrorCode F00BadRequest => Of("F00"u8);

    /// <summary>F01: the packet could not be read.</summary>
    public static IlpErrorCode F01InvalidPacket => Of("F01"u8);

    /// <summary>F02: no route to the destination.</summary>
    public static IlpErrorCode F02Unreachable => Of("F02"u8);

    /// <summary>F03: the amount is invalid, such as zero after conversion.</summary>
    public static IlpErrorCode F03InvalidAmount => Of("F03"u8);

    /// <summary>F04: less arrived than the receiver requires.</summary>
    public static IlpErrorCode F04InsufficientDestinationAmount => Of("F04"u8);

    /// <summary>F05: the receiver does not know the fulfillment of this condition.</summary>
    public static IlpErrorCode F05WrongCondition => Of("F05"u8);

    /// <summary>F06: the receiver did not expect this payment, or could not decrypt it.</summary>
    public static IlpErrorCode F06UnexpectedPayment => Of("F06"u8);

    /// <summary>F07: the receiver cannot accept payments.</summary>
    public static IlpErrorCode F07CannotReceive => Of("F07"u8);

    /// <summary>F08: the packet's amount is too large; the data is an <see cref="AmountTooLarge"/>.</summary>
    public static IlpErrorCode F08AmountTooLarge => Of("F08"u8);

    /// <summary>F99: an error defined by the application, with its data.</summary>
    public static IlpErrorCode F99ApplicationError => Of("F99"u8);

    /// <summary>T00: an internal error.</summary>
    public static IlpErrorCode T00InternalError => Of("T00"u8);

    /// <summary>T01: the next peer could not be reached.</summary>
    public static IlpErrorCode T01PeerUnreachable => Of("T01"u8);

    /// <summary>T02: the next peer is overloaded.</summary>
    public static IlpErrorCode T02PeerBusy => Of("T02"u8);

    /// <summary>T03: this connector is overloaded.</summary>
    public static IlpErrorCode T03ConnectorBusy => Of("T03"u8);

    /// <summary>T04: not enough liquidity between two peers right now.</summary>
    public static IlpErrorCode T04InsufficientLiquidity => Of("T04"u8);

    /// <summary>T05: the sender exceeds its rate limit.</summary>
    public static IlpErrorCode T05RateLimited => Of("T05"u8);

    /// <summary>T99: a temporary error defined by the application.</summary>
    public static IlpErrorCode T99ApplicationError => Of("T99"u8);

    /// <summary>R00: the packet expired before a reply came.</summary>
    public static IlpErrorCode R00TransferTimedOut => Of("R00"u8);

    /// <summary>R01: the source amount is too small at the path's exchange rate.</summary>
    public static IlpErrorCode R01InsufficientSourceAmount => Of("R01"u8);

    /// <summary>R02: too little time left to forward or to credit the packet.</summary>
    public static IlpErrorCode R02InsufficientTimeout => Of("R02"u8);

    /// <summary>R99: a relative error defined by the application.</summary>
    public static IlpErrorCode R99ApplicationError => Of("R99"u8);

    /// <summary>Final, temporary or relative, by the first letter.</summary>
    public IlpErrorClass Class => (char)(_packed >> 16) switch
    {
        'F' => IlpErrorClass.Final,
        'T' => IlpErrorClass.Temporary,
        'R' => IlpErrorClass.Relative,
        _ => IlpErrorClass.None,
    };

    /// <summary>Whether two codes are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(IlpErrorCode left, IlpErrorCode right) => left.Equals(right);

    /// <summary>Whether two codes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(IlpErrorCode left, IlpErrorCode right) => !left.Equals(right);

    /// <summary>Reads a code from three ASCII bytes.</summary>
    /// <param name="ascii">The bytes.</param>
    /// <param name="code">The code.</param>
    /// <returns>False when it is not three printable characters (<see cref="WireError.InvalidErrorCode"/>).</returns>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out IlpErrorCode code)
    {
        var valid = ascii.Length == Length && !ascii.ContainsAnyExceptInRange((byte)'!', (byte)'~');
        code = valid ? Of(ascii) : default;
        return valid;
    }

    /// <summary>Reads a code such as <c>F08</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The code.</param>
    /// <returns>False when it is not three printable characters.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out IlpErrorCode code)
    {
        code = default;
        return text is { Length: Length } && char.IsAscii(text[0]) && char.IsAscii(text[1]) && char.IsAscii(text[2])
            && TryParse([(byte)text[0], (byte)text[1], (byte)text[2]], out code);
    }

    /// <summary>Writes the three ASCII bytes.</summary>
    /// <param name="destination">At least three bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        destination[2] = (byte)_packed;
        destination[1] = (byte)(_packed >> 8);
        destination[0] = (byte)(_packed >> 16);
    }

    /// <inheritdoc/>
    public bool Equals(IlpErrorCode other) => _packed == other._packed;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IlpErrorCode other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_packed;

    /// <summary>The code as text, such as <c>F08</c>.</summary>
    /// <returns>Three characters; empty for the default value.</returns>
    public override string ToString() =>
        _packed == 0 ? "" : string.Create(Length, _packed, static (text, packed) =>
        {
            text[0] = (char)(packed >> 16);
            text[1] = (char)(packed >> 8 & 0xFF);
            text[2] = (char)(packed & 0xFF);
        });

    private static IlpErrorCode Of(ReadOnlySpan<byte> ascii) => new((uint)(ascii[0] << 16 | ascii[1] << 8 | ascii[2]));
}
