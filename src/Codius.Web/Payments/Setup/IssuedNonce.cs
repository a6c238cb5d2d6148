using System.Buffers.Binary;
using System.Security.Cryptography;
using Interledger.Net.Receipts;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// What a receipt nonce of this host says of itself. All that must be known about it is in it or follows from it; no store is asked.
/// <code>
///   issue time, s since 1970 (4, big-endian) | flags (1) | key id (1) | random (10)
/// </code>
/// </summary>
/// <param name="IssuedAt">When it was made, to the second.</param>
/// <param name="Unbound">True if the first account that a receipt is posted to claims it.</param>
/// <param name="KeyId">Which of the host's secrets made it.</param>
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

    /// <summary>Reads it; believe it only once the receipt's MAC was found right.</summary>
    public static IssuedNonce Read(ReceiptNonce nonce)
    {
        Span<byte> bytes = stackalloc byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        return new(DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            (bytes[4] & UnboundFlag) != 0, bytes[5]);
    }
}
