using System.Buffers.Binary;
using System.Security.Cryptography;
using Interledger.Net.Receipts;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// The fields of a receipt nonce of this host. It is self-contained: reading one needs no store.
/// <code>
///   issue time, s since 1970 (4, big-endian) | flags (1): unbound (bit 0), scale + 1 (bits 1 to 5) | key id (1) | random (10)
/// </code>
/// </summary>
/// <param name="IssuedAt">When it was issued, to the second.</param>
/// <param name="Unbound">True if the first account that a receipt is posted to claims it.</param>
/// <param name="KeyId">Which of the host's secrets its receipt secret derives from.</param>
/// <param name="Scale">The digits of the receiving wallet's amounts; null in a nonce of a release whose wallets had the host's.</param>
internal readonly record struct IssuedNonce(DateTimeOffset IssuedAt, bool Unbound, byte KeyId, int? Scale)
{
    private const int UnboundFlag = 1;
    private const int MaxScale = 30;

    public static ReceiptNonce Create(DateTimeOffset now, bool unbound, byte keyId, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, MaxScale);
        Span<byte> nonce = stackalloc byte[ReceiptNonce.Length];
        BinaryPrimitives.WriteUInt32BigEndian(nonce, (uint)now.ToUnixTimeSeconds());
        nonce[4] = (byte)(((scale + 1) << 1) | (unbound ? UnboundFlag : 0));
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
            (bytes[4] & UnboundFlag) != 0, bytes[5], ((bytes[4] >> 1) & 31) is > 0 and var scale ? scale - 1 : null);
    }
}
