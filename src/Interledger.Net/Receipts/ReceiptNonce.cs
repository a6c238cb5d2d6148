using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Interledger.Net.Receipts;

/// <summary>
/// The 16 bytes, issued by a verifier, that identify a connection's receipts (RFC 39, "Receipt Nonce"); not secret.
/// </summary>
public readonly struct ReceiptNonce : IEquatable<ReceiptNonce>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    private readonly UInt128 _value;

    /// <summary>Creates one from 16 bytes.</summary>
    /// <param name="bytes">Exactly 16 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public ReceiptNonce(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A receipt nonce has 16 bytes.", nameof(bytes));
        _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Whether two nonces are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(ReceiptNonce left, ReceiptNonce right) => left.Equals(right);

    /// <summary>Whether two nonces differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(ReceiptNonce left, ReceiptNonce right) => !left.Equals(right);

    /// <summary>A new nonce from the system's random number generator.</summary>
    /// <returns>16 unpredictable bytes.</returns>
    public static ReceiptNonce Generate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new ReceiptNonce(bytes);
    }

    /// <summary>Reads base64 or base64url, padded or not, as in the header <c>Receipt-Nonce</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="error"><see cref="WireError.InvalidBase64"/> or <see cref="WireError.WrongLength"/>.</param>
    /// <returns>False when it is not one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReceiptNonce nonce, out WireError error)
    {
        nonce = default;
        Span<byte> bytes = stackalloc byte[Length];
        error = AnyBase64.Decode(text, bytes);
        if (error == WireError.None)
            nonce = new ReceiptNonce(bytes);
        return error == WireError.None;
    }

    /// <summary>Writes the 16 bytes.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <inheritdoc/>
    public bool Equals(ReceiptNonce other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReceiptNonce other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>The nonce as base64, as in the header <c>Receipt-Nonce</c>.</summary>
    /// <returns>24 characters.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToBase64String(bytes);
    }
}
