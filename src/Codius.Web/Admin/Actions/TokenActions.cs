using Codius.Web.Admin.Access;
using Codius.Web.Balances;

namespace Codius.Web.Admin.Actions;

/// <summary>Makes and revokes admin tokens.</summary>
internal sealed class TokenActions(AdminTokens tokens, AuditedChanges changes, TimeProvider time)
{
    public const string Make = "token.make";
    public const string Revoke = "token.revoke";

    /// <summary>True for a time at which a token made now may end.</summary>
    public bool IsEnd(DateTimeOffset end) => time.GetUtcNow() is var now && end > now && end <= now + AdminTokens.LongestLife;

    /// <summary>Makes a token; null if its name is in use or there are too many.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public ValueTask<(string Token, NamedToken Record)?> MakeAsync(
        AdminIdentity by, string name, IReadOnlyList<AdminScope> scopes, DateTimeOffset end, string reason) =>
        changes.MakeAsync(by, Make, name, reason, $"{string.Join(' ', scopes.Select(AdminScopes.NameOf))}, until {end:u}",
            () => tokens.MakeAsync(name, scopes, end, by.Name), made => made is null ? "refused" : "done");

    /// <summary>Revokes a token; false if there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public ValueTask<bool> RevokeAsync(AdminIdentity by, string name, string reason) =>
        changes.MakeAsync(by, Revoke, name, reason, null, () => tokens.RevokeAsync(name), was => was ? "done" : "no such token");
}
