using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Binds a consent to the browser it was begun in: sealed (AES-GCM) for one app, so that neither the payer nor any app can
/// read or make one.
/// </summary>
internal sealed class ConsentCookie(HostSecrets secrets, HostNames names, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxLength = 3800; // browsers keep 4096 with name and attributes

    private readonly byte[][] _keys = [.. secrets.All.Select(secret => secret.Derive("own wallet consent"))];
    private readonly bool _secure = names.Origin.StartsWith("https:", StringComparison.Ordinal);

    public string Name => OwnCookies.Consent(_secure);

    /// <summary>False if it does not fit into a cookie.</summary>
    public bool TryWrite(HttpResponse response, string app, Consent consent)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(consent);
        var box = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_keys[0], TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(app));
        var text = Base64Url.EncodeToString(box);
        if (text.Length > MaxLength) return false;
        response.Cookies.Append(Name, text, Options(Lifetime));
        return true;
    }

    public bool TryRead(HttpRequest request, string app, [NotNullWhen(true)] out Consent? consent)
    {
        consent = null;
        if (request.Cookies[Name] is not { Length: > 0 and <= MaxLength } text || !Base64Url.IsValid(text)) return false;
        var box = Base64Url.DecodeFromChars(text);
        if (box.Length <= NonceLength + TagLength) return false;
        var plain = new byte[box.Length - NonceLength - TagLength];
        foreach (var key in _keys)
        {
            using var aes = new AesGcm(key, TagLength);
            try
            {
                aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(app));
            }
            catch (AuthenticationTagMismatchException)
            {
                continue; // sealed with another of our keys, for another app, or not by us at all
            }
            consent = JsonSerializer.Deserialize<Consent>(plain)!;
            return consent.ExpiresAt > time.GetUtcNow().ToUnixTimeSeconds();
        }
        return false;
    }

    public void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    // Lax: the payer comes back from the wallet's site.
    private CookieOptions Options(TimeSpan? age) => new() { Path = "/", HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, MaxAge = age };
}
