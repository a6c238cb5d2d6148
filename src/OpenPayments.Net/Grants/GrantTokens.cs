using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Codius.Shared;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Seals a grant into its tokens and opens them again. Only this host can make or read one, so nothing is stored until a
/// grant is cancelled. A token is bound to the key that signed the grant request (RFC 9635, 7.2): it carries that key, and a
/// hash of the client's name, so that its length does not depend on the client's wallet address.
/// </summary>
/// <param name="keys">32-byte keys; the first one seals, all open.</param>
internal sealed class GrantTokens(IReadOnlyList<byte[]> keys)
{
    private const int MaxSealedLength = OpenPaymentsOptions.MaxStoredLength * 3 / 4; // base64url without padding

    // The associated data: one kind of token never opens as the other. 1 and 2 were the kinds of an earlier format.
    private static readonly byte[] AccessKind = [3];
    private static readonly byte[] ContinuationKind = [4];

    /// <summary>True if a token for these accesses is short enough for those who store it.</summary>
    public static bool Fits(IReadOnlyList<Access> access) => GrantFormat.LengthOf(access) + AesGcmSeal.Overhead <= MaxSealedLength;

    /// <summary>The value that goes behind <c>Authorization: GNAP</c>.</summary>
    public string SealAccess(Grant grant) => Seal(AccessKind, GrantFormat.Write(grant));

    /// <summary>The token that cancels the grant.</summary>
    public string SealContinuation(Grant grant) => Seal(ContinuationKind, GrantFormat.WriteContinuation(grant));

    /// <summary>Opens an access token, expired or not.</summary>
    public bool TryOpenAccess(string token, [NotNullWhen(true)] out Grant? grant)
    {
        grant = Open(AccessKind, token) is { } text ? GrantFormat.Read(text) : null;
        return grant is not null;
    }

    /// <summary>Opens a continuation token.</summary>
    public bool TryOpenContinuation(string token, [NotNullWhen(true)] out Continuation? continuation)
    {
        continuation = Open(ContinuationKind, token) is { } text ? GrantFormat.ReadContinuation(text) : null;
        return continuation is not null;
    }

    private string Seal(byte[] kind, byte[] text) => Base64Url.EncodeToString(AesGcmSeal.Seal(keys[0], text, kind));

    private byte[]? Open(byte[] kind, string token) =>
        token.Length <= OpenPaymentsOptions.MaxStoredLength && Base64Url.IsValid(token)
            ? AesGcmSeal.Open(keys, Base64Url.DecodeFromChars(token), kind)
            : null;
}
