using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>
/// Seals and opens the address token, the last segment of the addresses that a receiver issues. Each token has its own key, derived from
/// its salt, so that no key encrypts too many tokens.
/// <code>
/// base64url of
/// +-----------+---------+--------------------------------+--------+
/// | key id u8 | salt 16 | AES-256-GCM of ClaimsFormat    | tag 16 |
/// +-----------+---------+--------------------------------+--------+
/// </code>
/// </summary>
internal sealed class AddressTokens(StreamServerSecret current, IReadOnlyList<StreamServerSecret> previous)
{
    public const int MaxLength = HeadLength + ClaimsFormat.MaxLength + TagLength;

    private const int HeadLength = 17, TagLength = 16, KeyLength = 32;

    private static readonly byte[] ZeroNonce = new byte[12];

    private readonly StreamServerSecret[] _all = [current, .. previous];

    public static int MaxTextLength => Base64Url.GetEncodedLength(MaxLength);

    public (string Text, StreamSecret SharedSecret) Create(StreamTokenClaims claims)
    {
        Span<byte> plaintext = stackalloc byte[ClaimsFormat.MaxLength];
        plaintext = plaintext[..ClaimsFormat.Write(claims, plaintext)];
        Span<byte> token = stackalloc byte[HeadLength + plaintext.Length + TagLength];
        token[0] = current.KeyId;
        RandomNumberGenerator.Fill(token[1..HeadLength]);
        using (var gcm = CipherFor(current, token))
            gcm.Encrypt(ZeroNonce, plaintext, token[HeadLength..^TagLength], token[^TagLength..], token[..HeadLength]);
        CryptographicOperations.ZeroMemory(plaintext);
        return (Base64Url.EncodeToString(token), current.SharedSecretFor(token));
    }

    /// <summary>Opens a token; a forged one costs a decryption or two, and no store.</summary>
    public bool TryOpen(ReadOnlySpan<byte> text, out (StreamTokenClaims Claims, StreamSecret SharedSecret) opened)
    {
        opened = default;
        if (text.Length > MaxTextLength || text.Length % 4 != 0)
            return false;
        Span<byte> token = stackalloc byte[MaxLength];
        if (Base64Url.DecodeFromUtf8(text, token, out _, out var length) != OperationStatus.Done || length < HeadLength + TagLength)
            return false;
        token = token[..length];
        Span<byte> plaintext = stackalloc byte[length - HeadLength - TagLength];
        foreach (var secret in _all)
        {
            if (secret.KeyId != token[0] || !TryDecrypt(secret, token, plaintext) || ClaimsFormat.Read(plaintext) is not { } claims)
                continue;
            opened = (claims, secret.SharedSecretFor(token));
            return true;
        }

        return false;
    }

    private static bool TryDecrypt(StreamServerSecret secret, ReadOnlySpan<byte> token, Span<byte> plaintext)
    {
        using var gcm = CipherFor(secret, token);
        try
        {
            gcm.Decrypt(ZeroNonce, token[HeadLength..^TagLength], token[^TagLength..], plaintext, token[..HeadLength]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static AesGcm CipherFor(StreamServerSecret secret, ReadOnlySpan<byte> token)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        HMACSHA256.HashData(secret.TokenKey, token[1..HeadLength], key);
        return new AesGcm(key, TagLength);
    }
}
