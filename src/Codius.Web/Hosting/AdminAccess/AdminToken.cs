using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting.AdminAccess;

/// <summary>The admin token of the settings, compared in constant time and never printed.</summary>
internal sealed class AdminToken(IOptions<AdminOptions> options, IServiceProvider services)
{
    /// <summary>From so many characters on, no number of requests finds a token of hexadecimal digits that were made at random.</summary>
    public const int LengthBeyondGuesses = 32;

    // The hash, so that the comparison is of equal lengths whatever was sent.
    private readonly byte[] _hash = Hash(options.Value.Token ?? services.GetRequiredService<DataFolder>()
        .ReadOrMakeSecret("admin-token", static () => RandomNumberGenerator.GetHexString(64, lowercase: true)));

    /// <summary>
    /// True for long hexadecimal digits, which a program made, and for the one that the gateway made for itself; false for words that a
    /// person may have chosen.
    /// </summary>
    public bool IsBeyondGuesses { get; } =
        options.Value.Token is null || (options.Value.Token.Length >= LengthBeyondGuesses && options.Value.Token.All(char.IsAsciiHexDigit));

    /// <summary>True if an Authorization header carries the token.</summary>
    public bool Admits(string? authorization) => AdminCredential.Read(authorization) is { } token && HasHash(Hash(token));

    /// <summary>True if it is the hash of this token.</summary>
    public bool HasHash(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(hash, _hash);

    /// <summary>The SHA-256 of a token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public override string ToString() => "***";
}
