using System.Net;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;

namespace Codius.Web.Admin.Access;

/// <summary>The outcome of an authentication: the admin, or why there is none.</summary>
internal readonly record struct AdminSignIn(AdminIdentity? Admin, Problem? Refusal);

/// <summary>Finds out which admin a token belongs to; guesses are counted, and lock their client out.</summary>
internal sealed class AdminAuthentication(AdminToken first, AdminTokens tokens, GuessLockout lockout, TimeProvider time)
{
    private static readonly Problem NoStore = Problem.LedgerUnavailable(
        5, "The host's store of admin tokens does not answer. Until it does, only the token of the settings (Admin:Token) works.");

    /// <summary>The admin of a token; a null token is missing, which is no guess.</summary>
    public ValueTask<AdminSignIn> OfTokenAsync(string? token, IPAddress? client) =>
        token is null ? new(new AdminSignIn(null, AdminProblems.Missing)) : OfHashAsync(AdminToken.Hash(token), client);

    /// <summary>The admin of a token whose SHA-256 is known, such as that of a session that was begun with it.</summary>
    public async ValueTask<AdminSignIn> OfHashAsync(byte[] hash, IPAddress? client)
    {
        if (lockout.WaitOf(client) is { } wait) return new(null, AdminProblems.LockedOut(wait));
        if (first.HasHash(hash)) return new(new AdminIdentity(AdminIdentity.OfSettings, AdminScopes.All, client?.ToString()), null);
        try
        {
            if (await tokens.FindAsync(hash) is not { } token)
            {
                lockout.Guessed(client, hash);
                return new(null, AdminProblems.Missing);
            }
            return token.ExpiresAt <= time.GetUtcNow()
                ? new(null, AdminProblems.Expired)
                : new(new AdminIdentity(token.Name, token.Scopes, client?.ToString()), null);
        }
        catch (LedgerUnavailableException)
        {
            return new(null, NoStore);
        }
    }

    /// <summary>True for a token that is known in memory: cheap, for the rate of requests.</summary>
    public bool Knows(string? token)
    {
        if (token is null) return false;
        var hash = AdminToken.Hash(token);
        return first.HasHash(hash) || tokens.FindRead(hash) is not null;
    }
}
