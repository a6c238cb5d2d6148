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
    /// <summary>
    /// How long after a gateway last read the tokens those that it knows may still read: so long a gateway that alone has lost the store
    /// does not learn of one that was revoked at another.
    /// </summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private static readonly Problem NoStore = Problem.LedgerUnavailable(
        5, "The host's store of admin tokens does not answer. Until it does, the token of the settings (Admin:Token) works, and for an "
            + "hour tokens that may read and were known here read on.");

    /// <summary>The admin of a token that a request brings; a null token is missing, which is no guess.</summary>
    /// <param name="token">The token.</param>
    /// <param name="client">The client.</param>
    /// <param name="reads">True if the request only reads: then a token of memory will do while the store is away.</param>
    public async ValueTask<AdminSignIn> OfTokenAsync(string? token, IPAddress? client, bool reads = false)
    {
        if (token is null) return new(null, AdminProblems.Missing);
        var hash = AdminToken.Hash(token);
        // A long one cannot be guessed, however often one tries, so guesses from its owner's address do not lock the owner out.
        if (first.IsBeyondGuesses && first.HasHash(hash)) return new(OfSettings(client), null);
        // A made token has 192 random bits, so no guess finds one, and its holder is not locked out by others at the same address.
        if (AdminTokens.IsMade(token) && !first.HasHash(hash))
        {
            var found = await FindAsync(hash, client);
            if (reads && found.Refusal == NoStore && ReaderOf(hash, client) is { } reader) return new(reader, null);
            if (found.Refusal != AdminProblems.Missing) return found;
        }
        // A short token of the settings may be guessed: to let the right one through would be to look at each guess.
        // Its owner's sessions are told apart by their cookies, see OfSessionAsync. Asked after the look-up: others may have guessed in
        // the meantime.
        if (lockout.WaitOf(client) is { } wait) return new(null, AdminProblems.LockedOut(wait));
        if (first.HasHash(hash)) return new(OfSettings(client), null);
        lockout.Guessed(client, hash);
        return new(null, AdminProblems.Missing);
    }

    /// <summary>
    /// The admin of a token that was presented before, by the hash that the host has kept since: that is no guess, and locks no client out.
    /// </summary>
    public async ValueTask<AdminSignIn> OfSessionAsync(byte[] hash, IPAddress? client) =>
        first.HasHash(hash) ? new(OfSettings(client), null) : await FindAsync(hash, client);

    /// <summary>
    /// True while a stream may go on whose token was good when it began: also while the store is away, until the token's end.
    /// </summary>
    public async ValueTask<bool> StillHoldsAsync(byte[] hash, AdminIdentity since)
    {
        if (since.ExpiresAt <= time.GetUtcNow()) return false;
        var (now, refusal) = await OfSessionAsync(hash, null);
        return refusal is null ? now!.HasAll(since.Scopes) : refusal.Status == StatusCodes.Status503ServiceUnavailable;
    }

    /// <summary>True for a token that is known in memory: cheap, for the rate of requests.</summary>
    public bool Knows(string? token)
    {
        if (token is null) return false;
        var hash = AdminToken.Hash(token);
        return first.HasHash(hash) || tokens.FindRead(hash) is not null;
    }

    private static AdminIdentity OfSettings(IPAddress? client) =>
        new(AdminIdentity.OfSettings, AdminScopes.All, client?.ToString());

    private AdminIdentity? ReaderOf(byte[] hash, IPAddress? client) =>
        tokens.FindRead(hash, Remembered) is { } token && token.ExpiresAt > time.GetUtcNow() && token.Scopes.Contains(AdminScope.Read)
            ? new AdminIdentity(token.Name, [AdminScope.Read], client?.ToString()) { ExpiresAt = token.ExpiresAt } : null;

    private async ValueTask<AdminSignIn> FindAsync(byte[] hash, IPAddress? client)
    {
        try
        {
            if (await tokens.FindAsync(hash) is not { } token) return new(null, AdminProblems.Missing);
            return token.ExpiresAt <= time.GetUtcNow()
                ? new(null, AdminProblems.Expired)
                : new(new AdminIdentity(token.Name, token.Scopes, client?.ToString()) { ExpiresAt = token.ExpiresAt }, null);
        }
        catch (LedgerUnavailableException)
        {
            return new(null, NoStore);
        }
    }
}
