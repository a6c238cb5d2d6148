using System.Buffers.Binary;
using System.Security.Cryptography;
using Interledger.Net.Receipts;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// The fields of a receipt nonce of this host. It is self-contained: reading one needs no store.
/// <code>
///   issue time, s since 1970 (4, big-endian) | flags (1) | key id (1) | random (10)
/// </code>
/// </summary>
/// <param name="IssuedAt">When it was issued, to the second.</param>
/// <param name="Unbound">True if the first account that a receipt is posted to claims it.</param>
/// <param name="KeyId">Which of the host's secrets its receipt secret derives from.</param>
internal readonly record struct IssuedNonce(DateTimeOffset IssuedAt, bool Unbound, byte KeyId)
{
    private const byte UnboundFlag = 1;

    public static ReceiptNonce Create(DateTimeOffset now, bool unbound, byte keyId)
    {
        Span<byte> nonce = stackalloc byte[ReceiptNonce.Length];
        BinaryPrimitives.WriteUInt32BigEndian(nonce, (uint)now.ToUnixTimeSeconds());
        nonce[4] = unbound ? UnboundFlag : (byte)0;
        nonce[5] = keyId;
        RandomNumberGenerator.Fill(nonce[6..]);
        return new ReceiptNonce(nonce);
    }

    /// <summary>Reads the fields; not authentic until the receipt's MAC is verified.</summary>
    public static IssuedNonce Read(ReceiptNonce nonce)
    {
        Span<byte> bytes = stackalloc byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        return new(DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            (bytes[4] & UnboundFlag) != 0, bytes[5]);
    }
}
