using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Rendering;

namespace Codius.Web.Admin.Dashboard.Tokens;

/// <summary>The admin tokens, by name.</summary>
/// <param name="Lines">Those that were made.</param>
/// <param name="Own">The name of the token that this browser is signed in with.</param>
/// <param name="MayChange">The admin may make and revoke some.</param>
/// <param name="Done">What was done; null for nothing.</param>
public sealed record TokensModel(IReadOnlyList<TokensModel.Line> Lines, string Own, bool MayChange, string? Done)
{
    /// <summary>One token.</summary>
    public sealed record Line(
        string Name, IReadOnlyList<string> Scopes, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset Ends, string EndsInWords,
        bool HasEnded)
    {
        internal static Line Of(NamedToken token, DateTimeOffset now) => new(
            token.Name, [.. token.Scopes.Select(AdminScopes.NameOf)], token.MadeAt, token.MadeBy, token.ExpiresAt,
            token.ExpiresAt > now ? $"ends in {Shown.Length(token.ExpiresAt - now)}" : "has ended", token.ExpiresAt <= now);
    }
}
