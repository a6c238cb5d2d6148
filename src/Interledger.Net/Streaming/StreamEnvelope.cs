namespace Interledger.Net.Streaming;

/// <summary>
/// The encrypted form of a STREAM packet in the data of an ILP packet (RFC 29, "STREAM Packet Encryption"): AES-256-GCM with a random IV
/// that is never used twice. <see cref="StreamKeys"/> seals and opens it.
/// <code>
/// +-------+--------+-------------------------+
/// | IV 12 | tag 16 | ciphertext              |
/// +-------+--------+-------------------------+
/// </code>
/// </summary>
public static class StreamEnvelope
{
    /// <summary>Length of the IV in bytes.</summary>
    public const int IvLength = 12;

    /// <summary>Length of the authentication tag in bytes.</summary>
    public const int TagLength = 16;

    /// <summary>How much longer the envelope is than its contents, in bytes.</summary>
    public const int Overhead = IvLength + TagLength;
}
