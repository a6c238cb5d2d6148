using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Codius.Shared;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Admin.Dashboard.Sessions;

/// <summary>
/// Keeps a browser signed in by a sealed cookie, so that no session is stored; it ends after half a day, with its token, or when
/// <c>Host:Secret</c> is no longer accepted.
/// </summary>
internal sealed class AdminSessions(HostSecrets secrets, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private const int MaxLength = 1000;

    private readonly byte[][] _keys = [.. secrets.All.Select(secret => secret.Derive("admin session"))];
    private readonly byte[][] _formKeys = [.. secrets.All.Select(secret => secret.Derive("admin form"))];

    public void Begin(HttpContext context, byte[] tokenHash)
    {
        var session = new AdminSession(
            Convert.ToBase64String(tokenHash), RandomNumberGenerator.GetHexString(32, lowercase: true),
            (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        var json = JsonSerializer.SerializeToUtf8Bytes(session);
        context.Response.Cookies.Append(
            OwnCookies.Admin(context.Request.IsHttps), Base64Url.EncodeToString(AesGcmSeal.Seal(_keys[0], json, [])), Options(context));
    }

    public static void End(HttpContext context) =>
        context.Response.Cookies.Delete(OwnCookies.Admin(context.Request.IsHttps), Options(context));

    public bool TryRead(HttpContext context, [NotNullWhen(true)] out AdminSession? session)
    {
        session = null;
        if (context.Request.Cookies[OwnCookies.Admin(context.Request.IsHttps)] is not { Length: > 0 and <= MaxLength } text
            || !Base64Url.IsValid(text)
            || AesGcmSeal.Open(_keys, Base64Url.DecodeFromChars(text), []) is not { } json) return false;
        session = JsonSerializer.Deserialize<AdminSession>(json)!;
        return session.Ends > time.GetUtcNow().ToUnixTimeSeconds();
    }

    /// <summary>What each form of the session carries: another site can neither read nor guess it.</summary>
    public string FormTokenOf(AdminSession session) => Base64Url.EncodeToString(Mac(_formKeys[0], session));

    public bool IsFormToken(AdminSession session, string? token) =>
        token is { Length: > 0 and <= 100 } && Base64Url.IsValid(token) && Base64Url.DecodeFromChars(token) is var sent
        && _formKeys.Any(key => CryptographicOperations.FixedTimeEquals(sent, Mac(key, session)));

    private static byte[] Mac(byte[] key, AdminSession session) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(session.Id));

    // Browsers keep a Secure cookie over https only. It ends with the browser, or by its own time.
    private static CookieOptions Options(HttpContext context) =>
        new() { Path = "/", HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Strict };
}
