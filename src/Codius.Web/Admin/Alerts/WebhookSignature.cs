using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Codius.Web.Admin.Alerts;

/// <summary>Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int Shortest = 24;
    private const int Longest = 64;

    public static bool TryRead(string? secret, out byte[] key)
    {
        key = [];
        if (secret is null || !secret.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var buffer = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length)) return false;
        if (length is < Shortest or > Longest) return false;
        key = buffer[..length];
        return true;
    }

    /// <summary>The header <c>webhook-signature</c>.</summary>
    public static string Sign(byte[] key, string id, long seconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
