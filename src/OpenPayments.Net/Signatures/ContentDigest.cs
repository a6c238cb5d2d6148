using System.Security.Cryptography;

namespace OpenPayments.Net.Signatures;

/// <summary>The Content-Digest header (RFC 9530): ties a signature to the exact bytes of a body.</summary>
internal static class ContentDigest
{
    /// <summary>Writes the header for a body, with SHA-512 as the clients of Open Payments do.</summary>
    public static string Of(ReadOnlySpan<byte> body) => $"sha-512=:{Convert.ToBase64String(SHA512.HashData(body))}:";

    /// <summary>True if the header names at least one digest we know (sha-512, sha-256) and every known one fits the body.</summary>
    public static bool Fits(string? header, ReadOnlySpan<byte> body)
    {
        if (header is null) return false;
        var known = 0;
        foreach (var member in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = member.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return false;
            byte[] computed;
            switch (member[..equals])
            {
                case "sha-512": computed = SHA512.HashData(body); break;
                case "sha-256": computed = SHA256.HashData(body); break;
                default: continue;
            }
            known++;
            if (member[(equals + 1)..] != $":{Convert.ToBase64String(computed)}:") return false;
        }
        return known > 0;
    }
}
