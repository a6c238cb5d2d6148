using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Interledger.Net.Oer;

namespace Interledger.Net.Receipts;

/// <summary>
/// A receiver's signed statement of the total a stream has received (RFC 39, "Receipt"). Only the increase over the highest total seen
/// for a nonce and stream is new money.
/// <code>
/// +------------+----------+--------------+--------------------+---------------------------------------+
/// | version u8 | nonce 16 | stream id u8 | total received u64 | HMAC-SHA256(secret, the 26 bytes) 32  |
/// +------------+----------+--------------+--------------------+---------------------------------------+
/// </code>
/// </summary>
/// <param name="Nonce">Identifies the connection.</param>
/// <param name="StreamId">The stream's id; streams above 255 get no receipts.</param>
/// <param name="TotalReceived">Units received since the connection began, in the receiver's asset; 0 to 2^64-1.</param>
public readonly record struct StreamReceipt(ReceiptNonce Nonce, byte StreamId, ulong TotalReceived)
{
    /// <summary>Length in bytes; 80 characters in base64.</summary>
    public const int Length = 58;

    /// <summary>The only version there is.</summary>
    public const byte Version = 1;

    private const int SignedLength = Length - 32;

    /// <summary>Reads a receipt without verifying it: its nonce identifies the secret to verify it with.</summary>
    /// <param name="bytes">The receipt.</param>
    /// <param name="receipt">What it claims.</param>
    /// <param name="error"><see cref="WireError.WrongLength"/> or <see cref="WireError.UnsupportedVersion"/>.</param>
    /// <returns>False when it is not a receipt.</returns>
    public static bool TryReadUnverified(ReadOnlySpan<byte> bytes, out StreamReceipt receipt, out WireError error)
    {
        receipt = default;
        error = bytes.Length != Length ? WireError.WrongLength : bytes[0] != Version ? WireError.UnsupportedVersion : WireError.None;
        if (error != WireError.None)
            return false;
        var reader = new OerReader(bytes[17..SignedLength]);
        var valid = reader.TryReadUInt8(out var streamId) & reader.TryReadUInt64(out var total);
        receipt = new StreamReceipt(new ReceiptNonce(bytes[1..17]), streamId, total);
        return valid;
    }

    /// <summary>Reads a receipt and verifies its HMAC in constant time.</summary>
    /// <param name="bytes">The receipt.</param>
    /// <param name="secret">The secret issued with its nonce.</param>
    /// <param name="receipt">What it proves.</param>
    /// <param name="error">
    /// <see cref="WireError.WrongLength"/>, <see cref="WireError.UnsupportedVersion"/> or <see cref="WireError.NotAuthentic"/>.
    /// </param>
    /// <returns>False if it is not valid.</returns>
    public static bool TryVerify(ReadOnlySpan<byte> bytes, ReceiptSecret secret, out StreamReceipt receipt, out WireError error)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!TryReadUnverified(bytes, out receipt, out error))
            return false;
        Span<byte> signature = stackalloc byte[Length - SignedLength];
        HMACSHA256.HashData(secret.Bytes, bytes[..SignedLength], signature);
        if (CryptographicOperations.FixedTimeEquals(signature, bytes[SignedLength..]))
            return true;
        receipt = default;
        error = WireError.NotAuthentic;
        return false;
    }

    /// <summary>Decodes a receipt from base64; base64url and missing padding are accepted too.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">58 bytes, not yet checked.</param>
    /// <param name="error"><see cref="WireError.InvalidBase64"/> or <see cref="WireError.WrongLength"/>.</param>
    /// <returns>False when it cannot be a receipt.</returns>
    public static bool TryDecode(string? text, [NotNullWhen(true)] out byte[]? bytes, out WireError error)
    {
        var decoded = new byte[Length];
        error = AnyBase64.Decode(text, decoded);
        bytes = error == WireError.None ? decoded : null;
        return bytes is not null;
    }

    /// <summary>Writes and signs the receipt.</summary>
    /// <param name="secret">The secret that came with the nonce.</param>
    /// <param name="destination">At least 58 bytes.</param>
    /// <param name="written">58.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryWrite(ReceiptSecret secret, Span<byte> destination, out int written)
    {
        ArgumentNullException.ThrowIfNull(secret);
        written = 0;
        if (destination.Length < Length)
            return false;
        destination[0] = Version;
        Nonce.CopyTo(destination[1..]);
        var writer = new OerWriter(destination[17..SignedLength]);
        writer.TryWriteUInt8(StreamId);
        writer.TryWriteUInt64(TotalReceived);
        HMACSHA256.HashData(secret.Bytes, destination[..SignedLength], destination[SignedLength..Length]);
        written = Length;
        return true;
    }

    /// <summary>Writes and signs the receipt.</summary>
    /// <param name="secret">The secret that came with the nonce.</param>
    /// <returns>58 bytes.</returns>
    public byte[] Sign(ReceiptSecret secret)
    {
        var bytes = new byte[Length];
        TryWrite(secret, bytes, out _);
        return bytes;
    }

    /// <summary>The increase of a receipt: the part of its total that was not counted before.</summary>
    /// <param name="counted">The highest total counted for its nonce and stream; 0 at first.</param>
    /// <returns>Units; 0 for an older or repeated receipt.</returns>
    public ulong IncreaseOver(ulong counted) => TotalReceived > counted ? TotalReceived - counted : 0;
}
