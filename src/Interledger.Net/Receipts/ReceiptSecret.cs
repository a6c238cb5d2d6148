using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Interledger.Net.Receipts;

/// <summary>
/// The 32 bytes with which a receiver signs receipts and a verifier checks them (RFC 39, "Receipt Secret"); prints as <c>***</c>.
/// </summary>
public sealed class ReceiptSecret : IEquatable<ReceiptSecret>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    /// <summary>Copies 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public ReceiptSecret(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A receipt secret has 32 bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// Derives a verifier's secret for a nonce as the npm <c>receipt-verifier</c> does: <c>HMAC(HMAC(seed, "receipt_secret"), nonce)</c>.
    /// The derivation is private to each verifier.
    /// </summary>
    /// <param name="seed">The verifier's own secret, of any length.</param>
    /// <param name="nonce">The issued nonce.</param>
    /// <returns>The secret issued with it.</returns>
    public static ReceiptSecret Derive(ReadOnlySpan<byte> seed, ReceiptNonce nonce)
    {
        Span<byte> key = stackalloc byte[Length];
        Span<byte> secret = stackalloc byte[Length];
        Span<byte> bytes = stackalloc byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        HMACSHA256.HashData(seed, "receipt_secret"u8, key);
        HMACSHA256.HashData(key, bytes, secret);
        return new ReceiptSecret(secret);
    }

    /// <summary>Reads base64 or base64url, padded or not, as in the header <c>Receipt-Secret</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="error"><see cref="WireError.InvalidBase64"/> or <see cref="WireError.WrongLength"/>.</param>
    /// <returns>False when it is not one.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ReceiptSecret? secret, out WireError error)
    {
        secret = null;
        Span<byte> bytes = stackalloc byte[Length];
        error = AnyBase64.Decode(text, bytes);
        if (error == WireError.None)
            secret = new ReceiptSecret(bytes);
        return secret is not null;
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The secret as the header <c>Receipt-Secret</c> carries it: base64 with padding, 44 characters. Not for logs.</summary>
    /// <returns>The secret itself.</returns>
    public string ToBase64() => Convert.ToBase64String(_bytes);

    /// <summary>Whether two secrets are the same, in constant time.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True for the same bytes.</returns>
    public bool Equals(ReceiptSecret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReceiptSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <summary>Always <c>***</c>.</summary>
    /// <returns>Nothing that could be used.</returns>
    public override string ToString() => "***";
}
