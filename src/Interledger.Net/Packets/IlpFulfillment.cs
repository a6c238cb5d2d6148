using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Interledger.Net.Packets;

/// <summary>
/// The preimage of a condition, 32 bytes, which proves a payment (RFC 27). Until it is sent it is worth the money, so it prints as
/// <c>***</c>.
/// </summary>
public readonly struct IlpFulfillment : IEquatable<IlpFulfillment>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly Block32 _bytes;

    /// <summary>Creates one from the 32 bytes on the wire.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public IlpFulfillment(ReadOnlySpan<byte> bytes) => _bytes = Block32.From(bytes);

    /// <summary>The condition this fulfills: its SHA-256.</summary>
    public IlpCondition Condition
    {
        get
        {
            Span<byte> hash = stackalloc byte[IlpCondition.Length];
            SHA256.HashData(_bytes.Bytes, hash);
            return new IlpCondition(hash);
        }
    }

    /// <summary>Whether two fulfillments are the same, in constant time.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(IlpFulfillment left, IlpFulfillment right) => left.Equals(right);

    /// <summary>Whether two fulfillments differ, in constant time.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(IlpFulfillment left, IlpFulfillment right) => !left.Equals(right);

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => _bytes.Bytes.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(IlpFulfillment other) => CryptographicOperations.FixedTimeEquals(_bytes.Bytes, other._bytes.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IlpFulfillment other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Unsafe.ReadUnaligned<int>(ref Unsafe.AsRef(in _bytes.Bytes[0]));

    /// <summary>Always <c>***</c>.</summary>
    /// <returns>Nothing that could be used.</returns>
    public override string ToString() => "***";
}
