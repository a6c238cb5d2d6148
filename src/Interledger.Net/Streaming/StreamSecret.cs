using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Interledger.Net.Streaming;

/// <summary>The 32 bytes that a STREAM sender and receiver share (RFC 29, "Shared secret"); prints as <c>***</c>.</summary>
public sealed class StreamSecret : IEquatable<StreamSecret>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    /// <summary>Takes a copy of 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public StreamSecret(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A shared secret has 32 bytes.", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    /// <summary>Reads base64 or base64url, with or without padding, of 32 bytes; SPSP servers write either (RFC 9).</summary>
    /// <param name="text">The text.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="error"><see cref="WireError.InvalidBase64"/> or <see cref="WireError.WrongLength"/>.</param>
    /// <returns>False when it is not one.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out StreamSecret? secret, out WireError error)
    {
        secret = null;
        Span<byte> bytes = stackalloc byte[Length];
        error = AnyBase64.Decode(text, bytes);
        if (error == WireError.None)
            secret = new StreamSecret(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return secret is not null;
    }

    /// <summary>A new secret from the system's random numbers.</summary>
    /// <returns>32 unpredictable bytes.</returns>
    public static StreamSecret Generate()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new StreamSecret(bytes);
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The secret as SPSP carries it: base64 with padding, 44 characters. Not for logs.</summary>
    /// <returns>The secret itself.</returns>
    public string ToBase64() => Convert.ToBase64String(_bytes);

    /// <summary>Whether two secrets are the same, in constant time.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True for the same bytes.</returns>
    public bool Equals(StreamSecret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StreamSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <summary>Always <c>***</c>.</summary>
    /// <returns>Nothing that could be used.</returns>
    public override string ToString() => "***";

    internal ReadOnlySpan<byte> Bytes => _bytes;
}
