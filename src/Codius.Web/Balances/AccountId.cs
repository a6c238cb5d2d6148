using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Codius.Web.Balances;

/// <summary>Names a balance: an app's name, an app's hash, or <c>t-</c> and the hash of a deploy token; never a raw token.</summary>
internal readonly record struct AccountId
{
    public const int MaxLength = 63;
    private const char BookPrefix = '-';
    private const string TokenPrefix = "t-";
    private const int TokenLength = 2 + 52;
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private readonly string? _text;

    private AccountId(string text) => _text = text;

    /// <summary>True for an id made by <see cref="OfDeployToken"/>; an app called <c>t-shirts</c> is none.</summary>
    public bool IsDeployToken => ToString() is { Length: TokenLength } text
        && text.StartsWith(TokenPrefix, StringComparison.Ordinal) && Base32.IsText(text.AsSpan(TokenPrefix.Length));

    /// <summary>
    /// Parses an id from outside: 1 to 63 of <c>a-z 0-9 -</c>. Ids that begin with a hyphen are the host's own books
    /// (<see cref="OfBook"/>): no request names one.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        var good = IsId(text) && text![0] != BookPrefix;
        id = good ? new AccountId(text!) : default;
        return good;
    }

    /// <summary>The id of an app, whose name was validated on deployment.</summary>
    public static AccountId OfApp(string name) =>
        IsId(name) ? new AccountId(name) : throw new ArgumentException($"'{name}' cannot name an account", nameof(name));

    /// <summary>The id of one of the host's own books, which no app and no token can have and no request can read.</summary>
    public static AccountId OfBook(string name) => OfApp(BookPrefix + name);

    /// <summary>The id of a deploy token's account: <c>t-</c> and base32(SHA-256(token)), lower case, no padding.</summary>
    public static AccountId OfDeployToken(string token) =>
        new(TokenPrefix + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(token))));

    public override string ToString() => _text ?? "";

    private static bool IsId(string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Characters);
}
