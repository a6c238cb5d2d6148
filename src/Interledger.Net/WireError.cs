namespace Interledger.Net;

/// <summary>
/// Every way in which external bytes or text can be invalid; each <c>Try...</c> method that returns false reports one.
/// </summary>
public enum WireError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>A field or a claimed length reaches past the end of the input.</summary>
    Truncated,

    /// <summary>A length prefix of <c>0x80</c>, which in BER means "until a marker"; OER does not have it (RFC 30).</summary>
    IndefiniteLength,

    /// <summary>A length prefix of more than 8 bytes, or a length above 2^31-1: no packet is that long.</summary>
    LengthTooLarge,

    /// <summary>A length prefix longer than necessary, such as <c>81 05</c> for 5 (RFC 30: canonical means shortest).</summary>
    NonCanonicalLength,

    /// <summary>A VarUInt of no bytes; zero is written <c>01 00</c> (RFC 30).</summary>
    EmptyInteger,

    /// <summary>A VarUInt with a leading zero byte (RFC 30: canonical means shortest).</summary>
    LeadingZero,

    /// <summary>A VarUInt above 2^64-1.</summary>
    IntegerTooLarge,

    /// <summary>Bytes after the end of the structure.</summary>
    TrailingBytes,

    /// <summary>The type byte is not of an ILPv4 packet, or not the expected one (RFC 27).</summary>
    UnexpectedPacketType,

    /// <summary>An expiry that is not 17 ASCII digits of a date that exists, <c>YYYYMMDDHHmmssSSS</c> in UTC (RFC 27).</summary>
    InvalidExpiry,

    /// <summary>Not an ILP address: scheme, characters, empty segment or more than 1023 characters (RFC 15).</summary>
    InvalidAddress,

    /// <summary>Not an ILP error code: three printable ASCII characters (RFC 27).</summary>
    InvalidErrorCode,

    /// <summary>Text that is not UTF-8.</summary>
    InvalidText,

    /// <summary>More than 32,767 bytes of data (RFC 27).</summary>
    DataTooLong,

    /// <summary>Data of another length than its format has.</summary>
    WrongLength,

    /// <summary>An unsupported version: STREAM (RFC 29) and receipts (RFC 39) have only 1.</summary>
    UnsupportedVersion,

    /// <summary>
    /// A frame's type byte is not one of RFC 29, so its contents cannot be read as a frame; inside a packet such frames are skipped.
    /// </summary>
    UnknownFrameType,

    /// <summary>The authentication tag is wrong: another key, or changed bytes.</summary>
    NotAuthentic,

    /// <summary>Not a payment pointer: <c>$</c>, a host, perhaps a path; no port, user info, query or fragment (RFC 26).</summary>
    InvalidPaymentPointer,

    /// <summary>Not JSON, or not an object of the expected form.</summary>
    InvalidJson,

    /// <summary>Not base64 or base64url.</summary>
    InvalidBase64,

    /// <summary>A time in the past.</summary>
    Expired,

    /// <summary>Values that belong together are only partly present.</summary>
    Incomplete,
}
