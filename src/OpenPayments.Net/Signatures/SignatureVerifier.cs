using NSec.Cryptography;

namespace OpenPayments.Net.Signatures;

/// <summary>Verifies HTTP message signatures (RFC 9421) the way Open Payments uses them: Ed25519, one signature per request.</summary>
internal static class SignatureVerifier
{
    private const int SignatureLength = 64;

    /// <summary>
    /// Checks everything that needs no key: that there is a signature, what it covers, and that the digest fits the body.
    /// <c>created</c> is not checked: visitors' clocks are wrong, and a replay gains its sender nothing.
    /// </summary>
    /// <returns>The error for the client; null if only the key is left to check.</returns>
    public static string? Examine(SignedMessage message, out SignatureInput? input)
    {
        if (!SignatureInput.TryParse(message.Header("signature-input"), out input))
            return "The Signature-Input header is missing or cannot be read; sign with label sig1, keyid and created.";
        List<string> needed = ["@method", "@target-uri"];
        if (message.Header("authorization") is not null) needed.Add("authorization");
        if (message.Body.Length > 0) needed.Add("content-digest");
        var missing = needed.Except(input!.Components).ToArray();
        if (missing.Length > 0) return $"The signature must cover {string.Join(", ", missing)}.";
        if (message.Body.Length > 0 && !ContentDigest.Fits(message.Header("content-digest"), message.Body.Span))
            return "The Content-Digest does not fit the body.";
        return null;
    }

    /// <summary>True if <paramref name="key"/> made the signature over exactly this message.</summary>
    public static bool Verify(SignedMessage message, SignatureInput input, Jwk key) => Verify(message, input, key.PublicKey);

    public static bool Verify(SignedMessage message, SignatureInput input, PublicKey key)
    {
        var signed = message.SignatureBase(input.Components, input.Raw);
        return signed is not null
            && TryReadSignature(message.Header("signature"), input.Label, out var signature)
            && SignatureAlgorithm.Ed25519.Verify(key, signed, signature);
    }

    private static bool TryReadSignature(string? header, string label, out byte[] signature)
    {
        signature = new byte[SignatureLength];
        var prefix = label + "=:";
        if (header is null || !header.StartsWith(prefix, StringComparison.Ordinal) || !header.EndsWith(':')) return false;
        if (header.Length <= prefix.Length || header.Length > 200) return false;
        return Convert.TryFromBase64String(header[prefix.Length..^1], signature, out var length) && length == SignatureLength;
    }
}
