using System.Security.Cryptography;

namespace Codius.Shared;

/// <summary>Seals bytes with AES-256-GCM into one array: nonce (12), encrypted text, tag (16).</summary>
internal static class AesGcmSeal
{
    public const int NonceLength = 12;

    /// <summary>By how many bytes a sealed text is longer than its plain text.</summary>
    public const int Overhead = NonceLength + TagLength;

    private const int TagLength = 16;

    /// <summary>Seals under a random nonce.</summary>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        RandomNumberGenerator.Fill(nonce);
        return Seal(key, nonce, text, associated);
    }

    /// <summary>Seals under a given nonce, which must never be used twice with this key.</summary>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated)
    {
        var sealedText = new byte[text.Length + Overhead];
        nonce.CopyTo(sealedText);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, text, sealedText.AsSpan(NonceLength, text.Length), sealedText.AsSpan(NonceLength + text.Length), associated);
        return sealedText;
    }

    /// <summary>Opens a text that was sealed by one of the keys with the same associated data; null for any other.</summary>
    public static byte[]? Open(IEnumerable<byte[]> keys, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> associated)
    {
        if (sealedText.Length < Overhead) return null;
        var text = new byte[sealedText.Length - Overhead];
        foreach (var key in keys)
        {
            using var aes = new AesGcm(key, TagLength);
            try
            {
                aes.Decrypt(sealedText[..NonceLength], sealedText[NonceLength..^TagLength], sealedText[^TagLength..], text, associated);
                return text;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Sealed with another key or other associated data, or not a sealed text at all.
            }
        }
        return null;
    }
}
