using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Interledger.Net.Packets;

/// <summary>
/// An ILP address (RFC 15): one of the schemes <c>g private example test test1 test2 test3 self peer local</c>, then one or more segments
/// of <c>[a-zA-Z0-9_~-]</c>, joined by dots; at most 1023 characters. The default value is the empty address, which only some fields allow.
/// </summary>
public readonly struct IlpAddress : IEquatable<IlpAddress>, IParsable<IlpAddress>
{
    /// <summary>The longest address, in characters.</summary>
    public const int MaxLength = 1023;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~-."u8);

    private readonly string? _text;

    private IlpAddress(string text) => _text = text;

    /// <summary>
    /// The empty address: <c>triggeredBy</c> of a Reject that names no node, and the source address of an anonymous STREAM client.
    /// </summary>
    public static IlpAddress Empty => default;

    /// <summary>Whether this is the empty address.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>Length in characters, which is also its length in bytes on the wire; 0 to 1023.</summary>
    public int Length => _text?.Length ?? 0;

    /// <summary>Whether two addresses are equal (ordinal).</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(IlpAddress left, IlpAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(IlpAddress left, IlpAddress right) => !left.Equals(right);

    /// <summary>Whether ASCII bytes are an address; the empty one is not (RFC 15).</summary>
    /// <param name="ascii">The bytes as they are on the wire.</param>
    /// <returns>True for an address.</returns>
    public static bool IsValid(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > MaxLength || ascii.ContainsAnyExcept(Allowed))
            return false;
        var dot = ascii.IndexOf((byte)'.');
        return dot > 0 && IsScheme(ascii[..dot]) && ascii[^1] != '.' && ascii.IndexOf(".."u8) < 0;
    }

    /// <summary>Reads an address from bytes of the wire; the empty one is refused.</summary>
    /// <param name="ascii">The bytes.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when it is not one (<see cref="WireError.InvalidAddress"/>).</returns>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out IlpAddress address)
    {
        var valid = IsValid(ascii);
        address = valid ? new IlpAddress(Encoding.ASCII.GetString(ascii)) : default;
        return valid;
    }

    /// <summary>Reads an address from text; the empty one is refused.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    /// <returns>False when it is not one (<see cref="WireError.InvalidAddress"/>).</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out IlpAddress address)
    {
        address = default;
        if (text is null || text.Length > MaxLength || !Ascii.IsValid(text))
            return false;
        Span<byte> bytes = stackalloc byte[MaxLength];
        var length = Encoding.ASCII.GetBytes(text, bytes);
        if (!IsValid(bytes[..length]))
            return false;
        address = new IlpAddress(text);
        return true;
    }

    /// <inheritdoc cref="TryParse(string?, out IlpAddress)"/>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The address.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out IlpAddress result) => TryParse(s, out result);

    /// <summary>Reads an address that the caller knows to be valid.</summary>
    /// <param name="text">The address.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">It is not one.</exception>
    public static IlpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an ILP address.");

    /// <inheritdoc cref="Parse(string)"/>
    /// <param name="s">The address.</param>
    /// <param name="provider">Not used.</param>
    public static IlpAddress Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Appends a segment, or several joined by dots.</summary>
    /// <param name="segments">What follows this address's last dot.</param>
    /// <returns>The longer address.</returns>
    /// <exception cref="FormatException">The result would not be an address.</exception>
    public IlpAddress Append(string segments) => Parse(_text + "." + segments);

    /// <summary>Writes the address as ASCII.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <returns>The bytes written, <see cref="Length"/>.</returns>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int CopyTo(Span<byte> destination) => Encoding.ASCII.GetBytes(_text ?? "", destination);

    /// <inheritdoc/>
    public bool Equals(IlpAddress other) => string.Equals(_text ?? "", other._text ?? "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IlpAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (_text ?? "").GetHashCode(StringComparison.Ordinal);

    /// <summary>The address as text.</summary>
    /// <returns>Empty for the empty address.</returns>
    public override string ToString() => _text ?? "";

    private static bool IsScheme(ReadOnlySpan<byte> scheme) =>
        scheme.SequenceEqual("g"u8) || scheme.SequenceEqual("test"u8)
        || scheme.SequenceEqual("private"u8) || scheme.SequenceEqual("example"u8)
        || scheme.SequenceEqual("peer"u8) || scheme.SequenceEqual("self"u8) || scheme.SequenceEqual("local"u8)
        || scheme.SequenceEqual("test1"u8) || scheme.SequenceEqual("test2"u8) || scheme.SequenceEqual("test3"u8);
}
