using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Codius.Shared;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>
/// Binds a consent to the browser it was started in: sealed (AES-GCM) for one app, so that neither the payer nor an app can
/// read or forge one.
/// </summary>
internal sealed class ConsentCookie(HostSecrets secrets, HostNames names, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private const int MaxLength = 3800; // browsers store 4096 with name and attributes

    private readonly byte[][] _keys = [.. secrets.All.Select(secret => secret.Derive("own wallet consent"))];
    private readonly bool _secure = names.Origin.StartsWith("https:", StringComparison.Ordinal);

    public string Name => OwnCookies.Consent(_secure);

    /// <summary>False if it does not fit into a cookie.</summary>
    public bool TryWrite(HttpResponse response, string app, Consent consent)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(consent);
        var text = Base64Url.EncodeToString(AesGcmSeal.Seal(_keys[0], json, Encoding.UTF8.GetBytes(app)));
        if (text.Length > MaxLength) return false;
        response.Cookies.Append(Name, text, Options(Lifetime));
        return true;
    }

    public bool TryRead(HttpRequest request, string app, [NotNullWhen(true)] out Consent? consent)
    {
        consent = null;
        if (request.Cookies[Name] is not { Length: > 0 and <= MaxLength } text || !Base64Url.IsValid(text)) return false;
        // Null: sealed for another app, with another secret, or not here at all.
        if (AesGcmSeal.Open(_keys, Base64Url.DecodeFromChars(text), Encoding.UTF8.GetBytes(app)) is not { } json) return false;
        consent = JsonSerializer.Deserialize<Consent>(json)!;
        return consent.ExpiresAt > time.GetUtcNow().ToUnixTimeSeconds();
    }

    public void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options(null));

    // Lax: the payer comes back from the wallet's site.
    private CookieOptions Options(TimeSpan? age) =>
        new() { Path = "/", HttpOnly = true, Secure = _secure, SameSite = SameSiteMode.Lax, MaxAge = age };
}
