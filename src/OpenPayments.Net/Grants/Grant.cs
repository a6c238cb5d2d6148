using OpenPayments.Net.Clients;

namespace OpenPayments.Net.Grants;

/// <summary>What a client was allowed; it lives in its tokens alone, so that asking for grants fills no store.</summary>
/// <param name="Id">Random; the same in all tokens of the grant.</param>
/// <param name="TokenId">Random; changes with each rotation. Also the end of the token's manage URL.</param>
/// <param name="Client">Who may use it: every request must be signed by one of its keys.</param>
/// <param name="Access">What it allows.</param>
/// <param name="ExpiresAt">When the token ends; it can be rotated for some time longer.</param>
public sealed record Grant(string Id, string TokenId, Client Client, IReadOnlyList<Access> Access, DateTimeOffset ExpiresAt)
{
    /// <summary>True if one of the actions is allowed on the wallet address.</summary>
    public bool Allows(string walletAddress, params ReadOnlySpan<string> actions)
    {
        foreach (var access in Access)
            if (access.Allows(walletAddress, actions)) return true;
        return false;
    }
}
