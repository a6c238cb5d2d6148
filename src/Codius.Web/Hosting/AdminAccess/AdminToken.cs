using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>The admin token, compared in constant time and never printed.</summary>
internal sealed class AdminToken(IOptions<AdminOptions> options, IServiceProvider services)
{
    // The hash, so that the comparison is of equal lengths whatever was sent.
    private readonly byte[] _hash = Hash(options.Value.Token ?? services.GetRequiredService<DataFolder>()
        .ReadOrMakeSecret("admin-token", static () => RandomNumberGenerator.GetHexString(64, lowercase: true)));

    /// <summary>
    /// True if an Authorization header carries the token: as Bearer, or as the password of Basic, for which browsers have a dialog.
    /// </summary>
    public bool Admits(string? authorization)
    {
        if (authorization is null) return false;
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return Matches(authorization["Bearer ".Length..].Trim());
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return false;
        var pair = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization["Basic ".Length..].Trim(), pair, out var length)) return false;
        var text = Encoding.UTF8.GetString(pair, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && Matches(text[(colon + 1)..]);
    }

    public override string ToString() => "***";

    private bool Matches(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
