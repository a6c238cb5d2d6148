using System.Text;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>Reads the token that a request brings: as Bearer, or as the password of Basic, for which browsers have a dialog.</summary>
internal static class AdminCredential
{
    /// <summary>The token of an Authorization header; null if it has none.</summary>
    public static string? Read(string? authorization)
    {
        if (authorization is null) return null;
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return authorization["Bearer ".Length..].Trim();
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var pair = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization["Basic ".Length..].Trim(), pair, out var length)) return null;
        var text = Encoding.UTF8.GetString(pair, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? text[(colon + 1)..] : null;
    }
}
