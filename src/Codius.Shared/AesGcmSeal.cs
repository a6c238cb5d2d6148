using System.Security.Cryptography;

namespace Codius.Shared;

/// <summary>Seals bytes with AES-256-GCM into one array: nonce (12), encrypted text, tag (16).</summary>
internal static class AesGcmSeal
{
    public const int NonceLength = 12;

    /// <summary>By how many bytes a sealed text is longer than its plain text.</summary>
    public const int Overhead = NonceLength + TagLength;

    /// <summary>By how many bytes a text sealed by <see cref="SealOnce"/> is longer than its plain text.</summary>
    public const int OverheadOnce = 12;

    private const int TagLength = 16;

    private static readonly byte[] NoNonce = new byte[NonceLength];

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

    /// <summary>
    /// Seals under a key that seals no other text, so that it needs no nonce: encrypted text, tag (12). The same text gives the same bytes.
    /// </summary>
    public static byte[] SealOnce(byte[] key, ReadOnlySpan<byte> text, ReadOnlySpan<byte> associated)
    {
        var sealedText = new byte[text.Length + OverheadOnce];
        using var aes = new AesGcm(key, OverheadOnce);
        aes.Encrypt(NoNonce, text, sealedText.AsSpan(0, text.Length), sealedText.AsSpan(text.Length), associated);
        return sealedText;
    }

    /// <summary>Opens a text that <see cref="SealOnce"/> sealed with the same key and associated data; null for any other.</summary>
    public static byte[]? OpenOnce(byte[] key, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> associated)
    {
        if (sealedText.Length < OverheadOnce) return null;
        var text = new byte[sealedText.Length - OverheadOnce];
        using var aes = new AesGcm(key, OverheadOnce);
        try
        {
            aes.Decrypt(NoNonce, sealedText[..^OverheadOnce], sealedText[^OverheadOnce..], text, associated);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
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
