using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Interledger.Net.Packets;

/// <summary>The execution condition of a Prepare (RFC 27): the SHA-256 of the fulfillment that claims its money; 32 bytes.</summary>
public readonly struct IlpCondition : IEquatable<IlpCondition>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly Block32 _bytes;

    /// <summary>Creates one from the 32 bytes on the wire.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public IlpCondition(ReadOnlySpan<byte> bytes) => _bytes = Block32.From(bytes);

    /// <summary>Whether two conditions are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(IlpCondition left, IlpCondition right) => left.Equals(right);

    /// <summary>Whether two conditions differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(IlpCondition left, IlpCondition right) => !left.Equals(right);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <param name="hex">The digits.</param>
    /// <param name="condition">The condition.</param>
    /// <returns>False when it is anything else.</returns>
    public static bool TryParseHex([NotNullWhen(true)] string? hex, out IlpCondition condition)
    {
        condition = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (hex is not { Length: 2 * Length }
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        condition = new IlpCondition(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => _bytes.Bytes.CopyTo(destination);

    /// <inheritdoc/>
    public bool Equals(IlpCondition other) => _bytes.Bytes.SequenceEqual(other._bytes.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IlpCondition other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Unsafe.ReadUnaligned<int>(ref Unsafe.AsRef(in _bytes.Bytes[0]));

    /// <summary>The condition as 64 hexadecimal digits.</summary>
    /// <returns>Lower case.</returns>
    public override string ToString() => Convert.ToHexStringLower(_bytes.Bytes);
}
